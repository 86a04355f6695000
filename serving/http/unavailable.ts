import { type UnavailableReason } from '../service.js'
import { type ProblemKind } from './problems.js'

const detail = {
  'zh-CN': '系统暂时无法给出推荐，也没有作出任何决定。请按 Retry-After 的时间稍后再试。',
  en: 'No recommendation can be given now, and none was decided. Try again after the time in Retry-After.',
}

const kind = (title: ProblemKind['title'], retryAfterSeconds: number): ProblemKind => ({
  status: 503,
  title,
  detail,
  headers: { 'Retry-After': String(retryAfterSeconds) },
})

/** Why nothing may be served now; the wait is longer where a person has to act. */
export const unavailable: Readonly<Record<UnavailableReason, ProblemKind>> = {
  'no-release': kind({ 'zh-CN': '尚无已启用的模型版本', en: 'No release is active' }, 30),
  'no-rule-pack': kind({ 'zh-CN': '没有生效的适当性规则', en: 'No rule pack is in force' }, 30),
  'no-catalogue': kind({ 'zh-CN': '产品目录为空', en: 'The catalogue is empty' }, 30),
  'no-ledger': kind({ 'zh-CN': '决策账本无法写入', en: 'The decision ledger cannot be written' }, 30),
  'store-unreachable': kind({ 'zh-CN': '投资者资料库无法访问', en: 'The investor store does not answer' }, 5),
  overloaded: kind({ 'zh-CN': '系统繁忙', en: 'Too many requests are under way' }, 1),
  starting: kind({ 'zh-CN': '系统正在启动', en: 'The server is starting' }, 2),
}
