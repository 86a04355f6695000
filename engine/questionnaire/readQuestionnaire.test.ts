import { readFileSync } from 'node:fs'
import { LocatedError } from '../locatedYaml.js'
import { mostPoints } from './questionnaire.js'
import { readQuestionnaire } from './readQuestionnaire.js'

const shipped = readFileSync('questionnaires/aptus-1.yaml', 'utf8')
const read = (text: string) => readQuestionnaire(new TextEncoder().encode(text), 'q.yaml')

/** The faults of the shipped questionnaire with one text replaced. */
const faultsWith = (from: string, to: string): readonly string[] => {
  if (!shipped.includes(from)) throw new Error(`the questionnaire does not hold ${from}`)
  try {
    read(shipped.replace(from, to))
    return []
  } catch (error) {
    if (!(error instanceof LocatedError)) throw error
    return error.message.split('\n')
  }
}

/** Line and column, from 1, of a text in the shipped questionnaire. */
const placeOf = (text: string): string => {
  const before = shipped.slice(0, shipped.indexOf(text)).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

test('ours has twelve questions, 100 points, a digest of its bytes', () => {
  const questionnaire = read(shipped)
  expect(questionnaire.questions).toHaveLength(12)
  expect(mostPoints(questionnaire)).toBe(100)
  expect(questionnaire.digest).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(read(`${shipped}\n`).digest).not.toBe(questionnaire.digest)
})

test.each<[string, string, string, string, string]>([
  ['a level that is out of order', 'fromPoints: 60', 'fromPoints: 40', '60', 'C4 must want more points than C3'],
  ['a level that nobody can be given', 'fromPoints: 80', 'fromPoints: 101', '80', 'nobody can be given C5'],
  [
    'a level that leaves some out',
    'fromPoints: 0',
    'fromPoints: 1',
    '0 }\n  - { level: C2',
    'C1 is for everyone else: want 0',
  ],
  ['a question twice', 'id: debts', 'id: share', 'debts', 'the id share is already taken'],
  [
    'no loss without C1',
    'atMost: C1, sets',
    'atMost: C2, sets',
    '{ lossCapacityBps: 0',
    'whoever accepts no loss is C1 at most',
  ],
  [
    'an option that is not there',
    'between: [loss.none, aim.growth]',
    'between: [loss.nil, aim.growth]',
    '[loss.none, aim.growth]',
    'there is no option loss.nil',
  ],
  [
    'options of one answer',
    'between: [loss.none, aim.growth]',
    'between: [loss.none, loss.up-to-5]',
    '[loss.none, aim.growth]',
    'are never chosen together',
  ],
  ['a negative weight', 'weight: 4', 'weight: -4', '4\n    text: { zh-CN: 您能承受', 'weight'],
  [
    'a fact left out',
    'sets: { incomeBand: under-60k }, ',
    '',
    '{ id: under-60k, points: 0, sets: { incomeBand',
    'sets no incomeBand, as others of income do; add it',
  ],
  [
    'a fact of one value set twice',
    'id: over-70, points: 0,',
    'id: over-70, points: 0, sets: { horizonMonths: 0 },',
    'id: horizon',
    'horizonMonths is set by share already',
  ],
])('%s is refused with its place and what to do', (_, from, to, at, says) => {
  const faults = faultsWith(from, to)
  const fault = faults.find((each) => each.includes(says))
  expect(fault).toContain(`q.yaml ${placeOf(at)}: `)
})

test('a fact of one value in a question of many, and one that nobody is asked for', () => {
  const many = faultsWith('sets: { knowledge: { money-market: experienced } }', 'sets: { assetBand: over-5m }')
  expect(many.join()).toContain('assetBand is set by assets already')
  expect(faultsWith('select: many\n    weight: 1', 'select: many\n    weight: 1\n    hue: red').join()).toContain('hue')
  const unasked = faultsWith(', acceptsNoLoss: true', '')
  expect(unasked).toHaveLength(1)
  expect(unasked[0]).toContain(`${placeOf('- id: income')}: no option sets acceptsNoLoss`)
})
