/** Why a change of rules or officers is not taken, in both languages. */
export const ruleFaults = {
  'other-installation': {
    'zh-CN': '该文件是为另一个安装签署的。',
    en: 'It was signed for another installation: sign one that names this one.',
  },
  'unknown-officer': { 'zh-CN': '签署人不是登记的规则负责人。', en: 'Whoever signed is no registered officer.' },
  'bad-signature': {
    'zh-CN': '签名与内容不符。',
    en: 'The signature is not that of this officer over these very words.',
  },
  'same-officer': { 'zh-CN': '须由另一位负责人签署。', en: 'It takes another officer than the one who proposed.' },
  'more-officers': {
    'zh-CN': '需要两位不同负责人的签名。',
    en: 'It takes the signatures of two different officers.',
  },
  'too-few-officers': {
    'zh-CN': '至少须有两位登记的负责人。',
    en: 'Two officers must be registered, and stay so: add others first.',
  },
  'officer-known': {
    'zh-CN': '该姓名或密钥已登记过。',
    en: 'That name is registered, or that key was registered before.',
  },
  'officers-changed': {
    'zh-CN': '签署之后负责人名单已有变更，请重新签署。',
    en: 'The officers have changed since it was signed: sign anew.',
  },
  'four-eyes': {
    'zh-CN': '已登记两位负责人，配置不再改变生效的规则。',
    en: 'Since two officers were registered, the configuration changes nothing any more.',
  },
  'unknown-proposal': { 'zh-CN': '没有这项提案。', en: 'There is no such proposal.' },
  'proposal-known': {
    'zh-CN': '该提案已提交过。',
    en: 'This very proposal was made before: give another reason or instant.',
  },
  'proposal-closed': {
    'zh-CN': '该提案已批准、已撤回或已失效。',
    en: 'The proposal was approved, withdrawn, or made by someone who is no officer any more.',
  },
  'not-as-proposed': {
    'zh-CN': '批准的内容与提案不同。',
    en: 'What was approved is not what was proposed: firm, pack or instant differ.',
  },
  'too-late': {
    'zh-CN': '生效时间已过。',
    en: 'Its instant has passed: propose and approve ahead of it.',
  },
  'not-last': {
    'zh-CN': '已有较晚生效的变更，请先撤回该变更。',
    en: 'A later change is scheduled for the same firm: withdraw that one first.',
  },
  'replaces-other': {
    'zh-CN': '届时生效的规则包已不是提案所替换的规则包，请重新提案。',
    en: 'Another pack than it names will be in force at its instant: propose anew.',
  },
  'nothing-changes': { 'zh-CN': '该规则包已在生效。', en: 'That pack is in force already.' },
  'no-pack': {
    'zh-CN': '所有机构共用的规则包不能为空；机构没有自有规则包可结束。',
    en: 'There must be a pack for all firms, and only a pack of a firm’s own can end.',
  },
  'clock-behind': {
    'zh-CN': '服务器时钟早于账本中的记录。',
    en: 'The clock is behind the ledger: put it right first.',
  },
} as const

export type RuleFaultCode = keyof typeof ruleFaults

/** Thrown for an entry that the ones before it do not allow. */
export class RuleFault extends Error {
  constructor(readonly code: RuleFaultCode) {
    super(ruleFaults[code].en)
    this.name = 'RuleFault'
  }
}
