import { readFileSync } from 'node:fs'
import { Investor } from '../../features/schema/investor.js'
import { subjectOf } from '../suitability/inputs.js'
import { readPack } from '../suitability/readPack.js'
import { noBehaviour } from '../../features/schema/behaviour.js'
import { assessed, expiresOn, tooManyAssessments } from './assessment.js'
import { readQuestionnaire } from './readQuestionnaire.js'
import { score } from './score.js'

const pack = readPack(readFileSync('packs/cn-2026.yaml'), 'cn-2026.yaml')
const ours = readQuestionnaire(readFileSync('questionnaires/aptus-1.yaml'), 'aptus-1.yaml')
const at = Date.parse('2026-05-08T02:00:00Z')
const investor = Investor.parse({
  id: 'I1',
  riskAssessment: null,
  consents: { profiling: true, personalisation: true },
})

const given = score(ours, Object.fromEntries(ours.questions.map(({ id, options }) => [id, [options.at(-1)?.id ?? '']])))
if ('faults' in given) throw new Error(JSON.stringify(given.faults))
const highest = given

test('level, instant, version and facts stand in the profile, which is one by its schema', () => {
  const after = assessed({ ...investor, knowledge: { reit: 'none' } }, ours, highest, at)
  expect(Investor.safeParse(Investor.encode(after)).success).toBe(true)
  expect(after).toMatchObject({
    riskAssessment: { level: 'C5', assessedAt: at, questionnaireVersion: 'aptus-1', basis: 'questionnaire' },
    assessments: [at],
    horizonMonths: 60,
    lossCapacityBps: 5000,
    objectives: ['growth', 'aggressive-growth'],
    knowledge: { reit: 'experienced', bond: 'none' },
    finances: { liquidityNeeds: 'low', financialAssets: null },
    investorClass: 'ordinary',
  })
})

test('whoever lacks full civil capacity stays C1-minimum, whatever he answers', () => {
  const riskAssessment = { level: 'C1', assessedAt: at - 1, questionnaireVersion: 'q', basis: 'questionnaire' } as const
  const before = { ...investor, riskAssessment: { ...riskAssessment, lacksFullCapacity: true, acceptsNoLoss: false } }
  const profile = assessed(before, ours, highest, at)
  expect(profile.riskAssessment).toMatchObject({ level: 'C1', lacksFullCapacity: true })
  expect(profile.assessments).toEqual([at - 1, at])
  const subject = subjectOf({ profile, knownAt: at, behaviour: noBehaviour }, 'push', pack, at + 1)
  expect(subject.investor).toMatchObject({ c1Minimum: true, riskLevel: 1, assessmentExpired: false })
})

test('it counts until the day before it expires, by the calendar of the pack', () => {
  expect(expiresOn(at, pack)).toBe('2027-05-09')
  // 18:00 in UTC is the next day in Shanghai.
  expect(expiresOn(Date.parse('2026-05-08T18:00:00Z'), pack)).toBe('2027-05-10')
  const profile = assessed(investor, ours, highest, at)
  const expired = (day: string) =>
    subjectOf({ profile, knownAt: at, behaviour: noBehaviour }, 'push', pack, Date.parse(`${day}T02:00:00Z`)).investor
      .assessmentExpired
  expect([expired('2027-05-08'), expired('2027-05-09')]).toEqual([false, true])
})

const shanghai = (text: string): number => Date.parse(`${text}+08:00`)
const after = (...instants: string[]) => ({ ...investor, assessments: instants.map(shanghai) })

test.each<[string, string[], string, object | null]>([
  ['none before', [], '2026-05-08T10:00:00', null],
  ['one today', ['2026-05-08T00:00:00'], '2026-05-08T23:59:00', null],
  [
    'two today',
    ['2026-05-08T00:00:00', '2026-05-08T09:00:00'],
    '2026-05-08T23:59:00',
    { limit: 'perDay', most: 2, againFrom: '2026-05-09' },
  ],
  ['two yesterday', ['2026-05-08T00:00:00', '2026-05-08T23:59:00'], '2026-05-09T00:00:00', null],
  [
    'eight in twelve months',
    [1, 2, 3, 4, 5, 6, 7, 8].map((month) => `2026-0${month}-03T10:00:00`),
    '2026-12-31T10:00:00',
    { limit: 'per12Months', most: 8, againFrom: '2027-01-03' },
  ],
  [
    'seven and one of a year ago',
    [
      '2025-12-31',
      '2026-01-03',
      '2026-02-03',
      '2026-03-03',
      '2026-04-03',
      '2026-05-03',
      '2026-06-03',
      '2026-07-03',
    ].map((day) => `${day}T10:00:00`),
    '2026-12-31T10:00:00',
    null,
  ],
])('retests: %s', (_, before, now, expected) => {
  const found = tooManyAssessments(after(...before), pack, shanghai(now))
  if (expected === null) expect(found).toBeNull()
  else expect(found).toMatchObject(expected)
})

test('the newest assessment counts though the list leaves it out, and once though it does not', () => {
  const riskAssessment = { level: 'C2', questionnaireVersion: 'q', basis: 'questionnaire' } as const
  const flags = { lacksFullCapacity: false, acceptsNoLoss: false }
  const newest = shanghai('2026-05-08T09:00:00')
  const with2 = (assessments: string[]) => ({
    ...after(...assessments),
    riskAssessment: { ...riskAssessment, ...flags, assessedAt: newest },
  })
  const now = shanghai('2026-05-08T10:00:00')
  expect(tooManyAssessments(with2(['2026-05-08T08:00:00']), pack, now)).toMatchObject({ limit: 'perDay' })
  expect(tooManyAssessments(with2(['2026-05-08T09:00:00']), pack, now)).toBeNull()
})

test('instants that lie ahead count as today’s: a clock that was put back gives no more retests', () => {
  const now = shanghai('2026-05-08T10:00:00')
  expect(tooManyAssessments(after('2026-05-20T09:00:00', '2026-05-20T10:00:00'), pack, now)).toMatchObject({
    limit: 'perDay',
    againFrom: '2026-05-09',
  })
  expect(tooManyAssessments(after('2026-05-20T09:00:00'), pack, now)).toBeNull()
})

test('a pack without limits refuses none', () => {
  const many = after(...Array.from({ length: 20 }, () => '2026-05-08T09:00:00'))
  expect(tooManyAssessments(many, { ...pack, assessmentLimits: null }, at + 1)).toBeNull()
})
