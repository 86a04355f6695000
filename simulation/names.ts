import { at } from './at.js'

/** Two halves of an invented company's short name: 12 × 10 = 120 of them; none is a real manager that we know of. */
const first = [
  ['霁', 'Ji'],
  ['澜', 'Lan'],
  ['蓠', 'Li'],
  ['沐', 'Mu'],
  ['祺', 'Qi'],
  ['珩', 'Heng'],
  ['霖', 'Lin'],
  ['筠', 'Yun'],
  ['屿', 'Yu'],
  ['黛', 'Dai'],
  ['翎', 'Ling'],
  ['朔', 'Shuo'],
] as const
const second = [
  ['杉', 'shan'],
  ['汐', 'xi'],
  ['禾', 'he'],
  ['岑', 'cen'],
  ['洲', 'zhou'],
  ['砚', 'yan'],
  ['棹', 'zhao'],
  ['圃', 'pu'],
  ['橹', 'lu'],
  ['坞', 'wu'],
] as const
const adornments = [
  ['悦享', 'Joy'],
  ['安澜', 'Calm'],
  ['鑫瑞', 'Bright'],
  ['启明', 'Dawn'],
  ['恒远', 'Far'],
  ['优选', 'Choice'],
  ['新程', 'Voyage'],
  ['聚源', 'Spring'],
  ['汇泽', 'Lake'],
  ['景行', 'Path'],
] as const

export type Name = { readonly 'zh-CN': string; readonly en: string }

/** 霁杉; the companies after the first 120 carry a number. */
export function companyName(index: number): Name {
  const [zh, en] = at(first, index % first.length)
  const [zhEnd, enEnd] = at(second, Math.floor(index / first.length) % second.length)
  const round = Math.floor(index / (first.length * second.length))
  const number = round === 0 ? '' : String(round + 1)
  return { 'zh-CN': `${zh}${zhEnd}${number}`, en: `${en}${enEnd}${number}` }
}

/** 30 → 30天持有: the importer of real funds reads the lock-up from such names too. */
const lockupWords = (days: number): readonly [string, string] =>
  days === 0
    ? ['', '']
    : days % 365 === 0
      ? [`${days / 365}年持有`, `${days / 365}-Year `]
      : [`${days}天持有`, `${days}-Day `]

/** Every name begins with 模拟, simulated: 模拟霁杉悦享科技股票A12. The number makes it one of its kind. */
export function productName(parts: {
  readonly company: Name
  readonly adornment: number
  readonly theme: readonly [string, string]
  readonly kind: readonly [string, string]
  readonly lockupDays: number
  readonly abroad: boolean
  readonly share: 'A' | 'C'
  readonly number: number
}): Name {
  const { company, theme, kind, abroad, share, number } = parts
  const [zh, en] = at(adornments, parts.adornment % adornments.length)
  const [zhLock, enLock] = lockupWords(parts.lockupDays)
  const enTheme = theme[1] === '' ? '' : `${theme[1]} `
  return {
    'zh-CN': `模拟${company['zh-CN']}${zh}${abroad ? '全球' : ''}${theme[0]}${zhLock}${kind[0]}${share}${number}`,
    en: `Simulated ${company.en} ${en} ${abroad ? 'Global ' : ''}${enTheme}${enLock}${kind[1]} ${share}${number}`,
  }
}
