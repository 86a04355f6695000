import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { levelNumber } from '../../features/schema/levels.js'
import { type Question } from './questionnaire.js'
import { readQuestionnaire } from './readQuestionnaire.js'
import { type Answers, isBlocked, score, type Score } from './score.js'

const ours = readQuestionnaire(readFileSync('questionnaires/aptus-1.yaml'), 'aptus-1.yaml')

/** What somebody in the middle answers. */
const middling: Answers = {
  income: ['120k-300k'],
  assets: ['80k-300k'],
  share: ['30-50'],
  debts: ['mortgage'],
  education: ['some'],
  experience: ['1-3'],
  held: ['money', 'bonds', 'mixed'],
  understood: ['money', 'bonds', 'mixed'],
  horizon: ['3-5-years'],
  aim: ['balance'],
  loss: ['up-to-30'],
  reaction: ['wait'],
}
const scored = (changes: Answers = {}): Score => {
  const given = score(ours, { ...middling, ...changes })
  if ('faults' in given) throw new Error(JSON.stringify(given.faults))
  return given
}

test('the sum of weight × points, of several answers the most', () => {
  // 1×2 + 2×2 + 1×2 + 1×2 + 2×2 + 2×2 + 2×2 + 1×2 + 3×3 + 3×2 + 4×3 + 3×3
  expect(scored()).toMatchObject({ points: 60, level: 'C4', levelByPoints: 'C4', cappedBy: [], contradictions: [] })
  expect(scored({ held: ['money'] }).points).toBe(56)
})

test('the facts of the chosen options, and none for a kind that was not chosen', () => {
  const { facts } = scored({ held: ['bonds'], understood: ['money', 'bonds', 'shares'] })
  expect(facts).toMatchObject({
    horizonMonths: 36,
    lossCapacityBps: 3000,
    assetBand: '80k-300k',
    incomeBand: '120k-300k',
    liquidityNeeds: 'medium',
    acceptsNoLoss: false,
    objectives: ['income', 'growth'],
  })
  expect(facts.knowledge).toMatchObject({ bond: 'experienced', 'money-market': 'basic', equity: 'basic', reit: 'none' })
})

test.each<[string, Answers, string, readonly string[]]>([
  ['a horizon under a year', { horizon: ['under-1-year'] }, 'C2', ['horizon.under-1-year']],
  ['no loss at all', { loss: ['none'] }, 'C1', ['loss.none']],
  ['no experience', { experience: ['none'], loss: ['up-to-50'], aim: ['growth'] }, 'C3', ['experience.none']],
  [
    'two caps: the lower',
    { loss: ['up-to-15'], horizon: ['under-1-year'], aim: ['growth'] },
    'C2',
    ['horizon.under-1-year'],
  ],
])('%s caps the level', (_, changes, level, cappedBy) => {
  expect(scored(changes)).toMatchObject({ level, cappedBy })
})

test('no loss at all is C1-minimum', () => {
  expect(scored({ loss: ['none'] }).facts).toMatchObject({ acceptsNoLoss: true, lossCapacityBps: 0 })
})

test.each<[string, Answers, readonly string[], boolean]>([
  ['no loss and aggressive growth', { loss: ['none'], aim: ['aggressive'] }, ['no-loss-and-aggressive'], true],
  [
    'no experience and derivatives held',
    { experience: ['none'], held: ['complex'] },
    ['no-experience-and-complex'],
    true,
  ],
  [
    'no experience and derivatives understood',
    { experience: ['none'], understood: ['complex'], held: ['money'] },
    ['no-experience-and-understanding'],
    false,
  ],
  ['none', {}, [], false],
])('contradictions: %s', (_, changes, contradictions, blocked) => {
  const given = scored(changes)
  expect(given.contradictions).toEqual(contradictions)
  expect(isBlocked(ours, given)).toBe(blocked)
})

test.each<[string, Answers, object]>([
  ['a question left out', { loss: [] }, { questionId: 'loss', code: 'unanswered' }],
  ['a question that is none', { luck: ['some'] }, { questionId: 'luck', code: 'unknown-question' }],
  ['a name of every object', { constructor: ['some'] }, { questionId: 'constructor', code: 'unknown-question' }],
  ['an option that is none', { loss: ['all'] }, { questionId: 'loss', code: 'unknown-option' }],
  ['two answers to one', { loss: ['none', 'up-to-5'] }, { questionId: 'loss', code: 'takes-one' }],
  ['none of these and one of these', { held: ['none', 'money'] }, { questionId: 'held', code: 'stands-alone' }],
])('%s is not scored', (_, changes, fault) => {
  expect(score(ours, { ...middling, ...changes })).toEqual({ faults: [fault] })
})

test('an empty answer names every question', () => {
  expect(score(ours, {})).toMatchObject({
    faults: ours.questions.map(({ id }) => ({ questionId: id, code: 'unanswered' })),
  })
})

const answerTo = ({ select, options }: Question): fc.Arbitrary<readonly string[]> => {
  const one = fc.constantFrom(...options.map(({ id }) => [id]))
  if (select === 'one') return one
  return fc.oneof(
    one,
    fc.subarray(
      options.filter(({ alone }) => alone !== true).map(({ id }) => id),
      { minLength: 1 },
    ),
  )
}
const anyAnswers: fc.Arbitrary<Answers> = fc.record(
  Object.fromEntries(ours.questions.map((question) => [question.id, answerTo(question)])),
)

test('an answer of more points never lowers the level, where its option has no cap', () => {
  const change = fc.constantFrom(
    ...ours.questions.flatMap(({ id, options }) => options.map((option) => ({ id, option }))),
  )
  fc.assert(
    fc.property(anyAnswers, change, (answers, { id, option }) => {
      const before = scored(answers)
      const after = scored({ ...answers, [id]: [option.id] })
      const had = ours.questions
        .find((question) => question.id === id)
        ?.options.filter((each) => answers[id]?.includes(each.id))
      const most = Math.max(...(had ?? []).map(({ points }) => points))
      fc.pre(option.points >= most)
      expect(levelNumber(after.levelByPoints)).toBeGreaterThanOrEqual(levelNumber(before.levelByPoints))
      if (option.atMost === undefined)
        expect(levelNumber(after.level)).toBeGreaterThanOrEqual(levelNumber(before.level))
    }),
    { numRuns: 500 },
  )
})

test('equal answers give equal bytes, in whatever order they were given', () => {
  fc.assert(
    fc.property(anyAnswers, (answers) => {
      const turned = Object.fromEntries(
        Object.entries(answers)
          .reverse()
          .map(([id, options]) => [id, [...options, ...options].reverse()]),
      )
      expect(JSON.stringify(score(ours, turned))).toBe(JSON.stringify(score(ours, answers)))
    }),
  )
})

test('a cap is never exceeded, and the level never lies above that of the points', () => {
  fc.assert(
    fc.property(anyAnswers, (answers) => {
      const given = scored(answers)
      const caps = ours.questions.flatMap(({ id, options }) =>
        options.filter((option) => answers[id]?.includes(option.id)).map(({ atMost }) => atMost ?? 'C5'),
      )
      expect(levelNumber(given.level)).toBe(Math.min(levelNumber(given.levelByPoints), ...caps.map(levelNumber)))
    }),
  )
})
