import { type Pack, type Terms } from '../pack.js'
import { type z } from 'zod'
import { uncertainRules } from '../uncertain.js'
import { bullets, page, table } from './markdown.js'
import { confidenceInWords, daysInWords, effectInWords, inBoth, ruleSection, scopeInWords } from './ruleSection.js'

/** A whole pack in words, for a risk officer: Markdown, made of nothing but the pack. */
export const packPage = (pack: Pack): string =>
  page([
    `# ${pack.title.en}`,
    pack.title['zh-CN'],
    'Made from the pack by `aptus rules docs`; edit the pack, not this page. An example for a firm’s own compliance officers to confirm; no legal advice.',
    facts(pack),
    uncertain(pack),
    '## In short',
    inShort(pack),
    '## Rules',
    ...pack.rules.map(ruleSection),
    steps(pack),
    '## Terms',
    terms(pack),
    limits(pack),
    professional(pack),
    rematch(pack),
    standards(pack),
    forbidden(pack),
  ])

const facts = (pack: Pack): string =>
  table(
    ['pack', `\`${pack.id}\` version ${pack.version}`],
    [
      ['digest', `\`${pack.digest}\``],
      ...(pack.extended === null ? [] : [['made of', `\`${pack.extended.base}\` and \`${pack.extended.firm}\``]]),
      ['jurisdiction', pack.jurisdiction],
      ['in force', daysInWords(pack)],
      ['days and ages by', pack.timeZone],
      ['records are kept', `${pack.retention.years} years (${pack.retention.source}; ${pack.retention.confidence})`],
      ...(pack.mode === 'evaluation' ? [['mode', 'offline evaluation alone; refused anywhere else']] : []),
    ],
  )

function uncertain(pack: Pack): string {
  const rules = uncertainRules(pack)
  const others = [...pack.standards, ...pack.confirmations]
    .filter(({ confidence }) => confidence === 'summary' || confidence === 'recalled')
    .map(({ id, confidence }) => `${id} (${confidence})`)
  const all = [...rules, ...others]
  return all.length === 0 ? '' : `**To be confirmed before real use**, for we did not read the text: ${all.join(', ')}.`
}

const inShort = (pack: Pack): string =>
  table(
    ['rule', 'for', 'where it is not met', 'source', 'confidence'],
    pack.rules.map((rule) => [
      `[${rule.id}](#${rule.id.toLowerCase()})`,
      scopeInWords[rule.scope],
      effectInWords(rule),
      rule.source,
      rule.confidence,
    ]),
  )

function steps({ confirmations }: Pack): string {
  if (confirmations.length === 0) return ''
  const section = confirmations.map(({ id, waitSeconds, source, confidence, messages }) =>
    page([
      `### \`${id}\``,
      bullets([
        ...inBoth('Shows', messages),
        ...(waitSeconds === 0 ? [] : [`Not before ${waitSeconds} seconds after the step before`]),
        `Source: ${source} (${confidenceInWords[confidence]})`,
      ]),
    ]).trimEnd(),
  )
  return ['## Confirmations', ...section].join('\n\n')
}

const termsInWords: Readonly<Record<keyof z.infer<typeof Terms>, string>> = {
  assessmentMonths: 'months for which an assessment counts',
  profileMonths: 'months for which a profile counts',
  navTradingDays: 'trading days that a net asset value may be old',
  navTradingDaysCrossBorder: 'the same for products that invest across borders',
  ratingMonths: 'months for which a rating counts',
  statusMonths: 'months for which a status counts',
  confirmationMinutes: 'minutes that the confirmations of a purchase may take',
  churnDays: 'days after a redemption within which the same product counts as bought back',
}

const terms = (pack: Pack): string =>
  table(
    ['term', 'value', 'meaning'],
    Object.entries(termsInWords).map(([name, words]) => [
      `\`${name}\``,
      String(pack.terms[name as keyof typeof pack.terms]),
      words,
    ]),
  )

const limits = ({ assessmentLimits: of }: Pack): string =>
  of === null
    ? ''
    : `An investor may take ${of.perDay} assessments a day and ${of.per12Months} in 12 months; more are refused. Source: ${of.source} (${confidenceInWords[of.confidence]}).`

/** Minor units as the amount that people write. */
const amount = (minor: number): string => (minor / 100).toLocaleString('en-US')

function professional({ professional: routes }: Pack): string {
  if (routes.length === 0) return ''
  const rows = routes.map((of) => [
    of.by === 'right' ? 'he is one' : 'he asks for it, and the firm may refuse',
    amount(of.financialAssetsMinor),
    amount(of.meanYearlyIncomeMinor),
    `${of.experienceYears} years`,
    `${of.source} (${confidenceInWords[of.confidence]})`,
  ])
  const head = ['how', 'financial assets from', 'or mean yearly income from', 'and experience from', 'source']
  return `## Professional investors\n\nThe experience, and one of the two amounts:\n\n${table(head, rows)}`
}

const rematch = ({ rematch: of }: Pack): string =>
  of === null
    ? ''
    : `## Matching again\n\nWhere a profile, a level or a rating changes, holdings are judged again by ${of.rules.join(', ')}, and what no longer fits is listed. Source: ${of.source} (${confidenceInWords[of.confidence]}).`

function standards({ standards: all }: Pack): string {
  if (all.length === 0) return ''
  const rows = all.map((of) => [
    of.id,
    `${of.messages.en} ${of.messages['zh-CN']}`,
    of.keptBy,
    daysInWords(of),
    `${of.source} (${confidenceInWords[of.confidence]})`,
  ])
  return `## Standards that are no rules over products\n\n${table(['id', 'what', 'where it is kept', 'in force', 'source'], rows)}`
}

function forbidden({ forbiddenWords: of }: Pack): string {
  if (of.en.length + of['zh-CN'].length === 0) return ''
  return `## Words that no text to an investor holds\n\n${bullets([of['zh-CN'].join('、'), of.en.join(', ')])}`
}
