import { readFileSync } from 'node:fs'
import { textOf } from './explanation/texts.js'
import { ClassEvidence, judgeClass } from './professional.js'
import { readPack } from './suitability/readPack.js'

const pack = readPack(readFileSync('packs/cn-2026.yaml'), 'cn-2026.yaml')
const yuan = (amount: number, currency = 'CNY') => ({ minor: amount * 100, currency })
const fen = (minor: number) => ({ minor, currency: 'CNY' })
const proof = [{ kind: 'bank-statement', sha256: 'a'.repeat(64) }]
const judge = (by: 'right' | 'request', evidence: object, approve = true) =>
  judgeClass(pack, {
    to: 'professional',
    by,
    approve,
    evidence: ClassEvidence.parse({ experienceYears: 10, documents: proof, ...evidence }),
  })

test.each<[string, 'right' | 'request', object, readonly string[]]>([
  ['assets of 5 m and 2 years', 'right', { financialAssets: yuan(5_000_000), experienceYears: 2 }, []],
  ['a fen less', 'right', { financialAssets: fen(499_999_999), experienceYears: 2 }, ['PRO_MEANS']],
  ['a year less', 'right', { financialAssets: yuan(5_000_000), experienceYears: 1 }, ['PRO_EXPERIENCE']],
  ['an income of 500 k and 2 years', 'right', { meanYearlyIncome3Years: yuan(500_000), experienceYears: 2 }, []],
  ['a fen less', 'right', { meanYearlyIncome3Years: fen(49_999_999) }, ['PRO_MEANS']],
  ['little income, but assets', 'right', { meanYearlyIncome3Years: yuan(1), financialAssets: yuan(5_000_000) }, []],
  ['3 m on request and 1 year', 'request', { financialAssets: yuan(3_000_000), experienceYears: 1 }, []],
  ['a fen less on request', 'request', { financialAssets: fen(299_999_999), experienceYears: 1 }, ['PRO_MEANS']],
  ['300 k on request and 1 year', 'request', { meanYearlyIncome3Years: yuan(300_000), experienceYears: 1 }, []],
  ['no year on request', 'request', { meanYearlyIncome3Years: yuan(300_000), experienceYears: 0 }, ['PRO_EXPERIENCE']],
  ['3 m is not enough by right', 'right', { financialAssets: yuan(3_000_000) }, ['PRO_MEANS']],
  ['another currency', 'right', { financialAssets: yuan(50_000_000, 'USD') }, ['PRO_MEANS']],
  ['no document', 'right', { financialAssets: yuan(5_000_000), documents: [] }, ['PRO_DOCUMENTS']],
  ['nothing at all', 'right', { experienceYears: 0, documents: [] }, ['PRO_MEANS', 'PRO_EXPERIENCE', 'PRO_DOCUMENTS']],
])('%s, by %s', (_, by, evidence, codes) => {
  const { granted, reasons, source, to } = judge(by, evidence)
  expect({ granted, codes: reasons.map(({ code }) => code) }).toEqual({ granted: codes.length === 0, codes })
  expect(to).toBe('professional')
  expect(source === null).toBe(!granted)
  for (const reason of reasons) expect([textOf(reason, 'zh-CN'), textOf(reason, 'en')].join()).not.toContain('{')
})

test('the firm may refuse a request, and not what is one by right', () => {
  const evidence = { financialAssets: yuan(5_000_000) }
  expect(judge('request', evidence, false)).toMatchObject({ granted: false, reasons: [{ code: 'PRO_FIRM_REFUSES' }] })
  expect(judge('right', evidence, false)).toMatchObject({ granted: true, source: 'CSRC Order 130 Art 8 (CN-PRO)' })
})

test('the way back is always open, and a pack without routes has none forth', () => {
  const none = { ...pack, professional: [] }
  expect(judgeClass(none, { to: 'ordinary' })).toMatchObject({ granted: true, to: 'ordinary' })
  const asked = { to: 'professional', by: 'right', approve: true } as const
  const evidence = ClassEvidence.parse({ financialAssets: yuan(9_000_000), experienceYears: 9, documents: proof })
  expect(judgeClass(none, { ...asked, evidence })).toMatchObject({ reasons: [{ code: 'PRO_NO_ROUTE' }] })
})

test('in words', () => {
  const [means] = judge('request', {}).reasons
  if (means === undefined) throw new Error('nothing was lacking')
  expect(textOf(means, 'en')).toBe(
    'Financial assets of 3000000 CNY, or a mean yearly income of 300000 CNY over 3 years, are wanted',
  )
})

test.each(['cn-2026', 'eu-mifid2', 'us-finra'])(
  'docs/professional.md names the rules of %s for ordinary alone',
  (id) => {
    const { rules } = readPack(readFileSync(`packs/${id}.yaml`), `${id}.yaml`)
    const ordinary = rules.filter(
      ({ applies }) => applies?.text.includes('investor.investorClass == "ordinary"') === true,
    )
    const [, told] =
      new RegExp(`\\| \`${id}\` \\| ([^|]*) \\|`).exec(readFileSync('docs/professional.md', 'utf8')) ?? []
    expect(told).toBe(ordinary.length === 0 ? 'none' : ordinary.map((rule) => rule.id).join(', '))
  },
)
