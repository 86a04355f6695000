import { type Language } from '../../../engine/explanation/texts.js'

/** The words of the report of a decision. */
export const words = {
  title: { 'zh-CN': '适当性决定报告', en: 'Report of a suitability decision' },
  decision: { 'zh-CN': '决定', en: 'Decision' },
  at: { 'zh-CN': '时间', en: 'Decided at' },
  firm: { 'zh-CN': '机构', en: 'Firm' },
  mode: { 'zh-CN': '方式', en: 'Mode' },
  scene: { 'zh-CN': '场景', en: 'Scene' },
  live: { 'zh-CN': '实时', en: 'live' },
  historical: {
    'zh-CN': '事后按历史数据计算，未向投资者展示',
    en: 'computed afterwards as of then; not shown to anybody',
  },
  evaluation: { 'zh-CN': '离线评估', en: 'offline evaluation' },
  person: { 'zh-CN': '投资者（假名）', en: 'Investor (pseudonym)' },
  release: { 'zh-CN': '模型发布版本', en: 'Release' },
  catalogue: { 'zh-CN': '产品目录', en: 'Catalogue' },
  revision: { 'zh-CN': '第{revision}版', en: 'revision {revision}' },
  pack: { 'zh-CN': '规则包', en: 'Rule pack' },
  packOf: { 'zh-CN': '{id}，第{version}版', en: '{id}, version {version}' },
  inputs: { 'zh-CN': '规则所见的投资者信息', en: 'The investor, as the rules saw him' },
  unknown: { 'zh-CN': '未知', en: 'unknown' },
  yes: { 'zh-CN': '是', en: 'yes' },
  no: { 'zh-CN': '否', en: 'no' },
  none: { 'zh-CN': '无', en: 'none' },
  erased: {
    'zh-CN': '投资者的资料已应要求删除。以下内容仅来自账本：展示了什么仍可查证，为何未展示其他产品已无法得知。',
    en: 'The investor was erased. What follows is from the ledger alone: what was shown can be verified, why the others were not can not.',
  },
  shown: { 'zh-CN': '展示的产品', en: 'What was shown' },
  refused: { 'zh-CN': '未作推荐', en: 'No recommendation was made' },
  refusedBy: { 'zh-CN': '原因：{refusal}（{rule}）', en: 'Refused: {refusal} ({rule})' },
  nonPersonal: { 'zh-CN': '非个性化列表', en: 'A list that is not personalised' },
  rank: { 'zh-CN': '序', en: 'Rank' },
  product: { 'zh-CN': '产品', en: 'Product' },
  level: { 'zh-CN': '风险等级', en: 'Risk level' },
  reasons: { 'zh-CN': '理由', en: 'Reasons' },
  disclosures: { 'zh-CN': '提示', en: 'Disclosures' },
  rules: { 'zh-CN': '当时适用的规则', en: 'The rules in force' },
  rule: { 'zh-CN': '规则', en: 'Rule' },
  says: { 'zh-CN': '未满足时的告知', en: 'Says, where it is not met' },
  source: { 'zh-CN': '依据', en: 'Source' },
  withheld: { 'zh-CN': '未推荐的产品数', en: 'Products withheld' },
  withheldOf: {
    'zh-CN':
      '目录共{products}个产品，{withheld}个未获准推荐（一个产品可能同时不满足多项规则），{nominated}个进入候选。',
    en: 'Of {products} products {withheld} were withheld (one may break several rules) and {nominated} were nominated.',
  },
  holds: {
    'zh-CN': '本报告重新判断了全部产品，结果与决定时逐位一致。',
    en: 'For this report every product was judged again: the verdicts are, bit for bit, those of the decision.',
  },
  differs: {
    'zh-CN': '警告：重新判断的结果与决定时不一致。',
    en: 'WARNING: judged again, the verdicts are not those of the decision.',
  },
  whyNot: { 'zh-CN': '指定产品', en: 'Products that were asked about' },
  absent: { 'zh-CN': '当时的产品目录中没有该产品', en: 'the catalogue of the decision had no such product' },
  record: { 'zh-CN': '账本记录', en: 'The record' },
  index: { 'zh-CN': '账本序号', en: 'Entry of the ledger' },
  leaf: { 'zh-CN': '叶哈希', en: 'Leaf hash' },
  vkey: { 'zh-CN': '验证公钥', en: 'Verifier key' },
  replay: { 'zh-CN': '重新决定', en: 'Decided again' },
  replaySame: {
    'zh-CN': '用当时的模型、目录、规则和投资者资料重新决定，结果与记录逐字节一致。',
    en: 'by the same release, catalogue, rules and inputs: every byte is as recorded.',
  },
  replayDiffers: {
    'zh-CN': '警告：重新决定的结果与记录有{count}处不同。',
    en: 'WARNING: {count} values are not as recorded.',
  },
  replayErased: {
    'zh-CN': '投资者资料已删除，无法重新决定。',
    en: 'not possible, for the investor was erased.',
  },
  replayUnavailable: {
    'zh-CN': '无法重新决定：缺少或已损坏（{missing}）。',
    en: 'not possible: missing or damaged ({missing}).',
  },
  proof: { 'zh-CN': '包含证明（C2SP tlog-proof）', en: 'Proof that it is in the ledger (C2SP tlog-proof)' },
  entry: { 'zh-CN': '记录原文（base64）', en: 'The entry (base64)' },
  howTo: { 'zh-CN': '如何独立验证', en: 'How to verify this without us' },
  steps: {
    'zh-CN':
      '将记录原文解码保存为 decision.entry，将包含证明保存为 decision.tlog-proof，并从机构以外的渠道取得验证公钥。然后运行：',
    en: 'Decode the entry into decision.entry, save the proof as decision.tlog-proof, and get the verifier key from elsewhere than this page. Then run:',
  },
  means: {
    'zh-CN':
      '若通过，则该记录确在该签名检查点的账本中，且此后未被更改。叶哈希为 SHA-256(0x00 ‖ 记录原文)，可用任何工具计算。账本整体被替换只有对照另行保存的检查点才能发现。',
    en: 'Where it passes, the entry stands in the ledger of that signed checkpoint and was not changed since. The leaf hash is SHA-256(0x00 ‖ entry), which any tool computes. A ledger that was replaced as a whole shows only against a checkpoint kept elsewhere.',
  },
  foot: {
    'zh-CN': '由 Aptus 根据账本生成。规则包为示例，不构成法律意见。',
    en: 'Made by Aptus from its ledger. The rule pack is an example for compliance officers to confirm; no legal advice.',
  },
} as const satisfies Record<string, Readonly<Record<Language, string>>>
