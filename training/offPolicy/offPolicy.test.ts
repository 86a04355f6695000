import fc from 'fast-check'
import { doublyRobust, type ModelledPlace } from './doublyRobust.js'
import { ips } from './ips.js'
import { type LoggedPlace, type LoggedSlate } from './logged.js'
import { fitRewards } from './rewardModel.js'
import { snips } from './snips.js'

const place = (propensity: number | null, target: number, reward: number): LoggedPlace => ({
  eventId: `E${propensity}`,
  propensity,
  target,
  reward,
})
const slate = (investorId: string, ...places: LoggedPlace[]): LoggedSlate => ({ investorId, places })
const plain = { reach: 'place', clip: null } as const

/** Weights 1/2, 2, 1 and rewards 1, 1, 0. */
const table = [slate('a', place(0.5, 0.25, 1)), slate('b', place(0.25, 0.5, 1)), slate('c', place(0.1, 0.1, 0))]

test('by hand: IPS and its interval', () => {
  const { value, low, high, effectiveSlates, meanWeight, isThin } = ips(table, plain)
  expect(value).toBeCloseTo(2.5 / 3, 12)
  // Deviations −1/3, 7/6, −5/6 of three investors.
  const error = Math.sqrt(((3 / 2) * (1 / 9 + 49 / 36 + 25 / 36)) / 9)
  expect(high - value).toBeCloseTo(1.959964 * error, 5)
  expect(value - low).toBeCloseTo(1.959964 * error, 5)
  expect(effectiveSlates).toBeCloseTo(3.5 ** 2 / 5.25, 12)
  expect(meanWeight).toBeCloseTo(3.5 / 3, 12)
  expect(isThin).toBe(true)
})

test('by hand: SNIPS, doubly robust, clipping', () => {
  expect(snips(table, plain).value).toBeCloseTo(2.5 / 3.5, 12)
  const modelled = table.map(({ investorId, places }) => ({
    investorId,
    places: places.map((one): ModelledPlace => ({ ...one, modelled: 0.5, modelledTarget: 0.6 })),
  }))
  // .6 + (½·½ + 2·½ − 1·½) / 3
  expect(doublyRobust(modelled, plain).value).toBeCloseTo(0.6 + 0.75 / 3, 12)
  const clipped = ips(table, { reach: 'place', clip: 1 })
  expect(clipped.value).toBeCloseTo(1.5 / 3, 12)
  expect(clipped.clipped).toBeCloseTo(2 / 3, 12)
})

test.each([
  ['place', [2, 3], 2 + 3],
  ['prefix', [2, 3], 2 + 6],
  ['slate', [2, 3], 6 + 6],
] as const)('the weight of a %s', (reach, [first, second], value) => {
  const two = slate('a', place(0.1, 0.1 * first, 1), place(0.1, 0.1 * second, 1))
  expect(ips([two], { reach, clip: null }).value).toBeCloseTo(value, 12)
})

test('one investor is no sample', () => {
  const { low, high } = ips([slate('a', place(1, 1, 1)), slate('a', place(1, 1, 0))], plain)
  expect([low, high]).toEqual([-Infinity, Infinity])
})

test('slates of one investor count as one: told twice, they narrow nothing', () => {
  const twice = ips([...table, ...table], plain)
  const once = ips(table, plain)
  expect(twice.high - twice.low).toBeCloseTo(once.high - once.low, 12)
})

test.each([
  ['missing', place(null, 0.5, 1), '1 of 4 exposures have no propensity'],
  ['0', place(0, 0.5, 1), '1 of 4 exposures have a propensity outside (0, 1] (events E0)'],
  ['above 1', place(1.5, 0.5, 1), '1 of 4 exposures have a propensity outside (0, 1] (events E1.5)'],
  ['not a number', place(Number.NaN, 0.5, 1), 'outside (0, 1]'],
  ['target', place(0.5, 1.5, 1), 'a target probability outside [0, 1]'],
  ['reward', place(0.5, 0.5, Infinity), 'a reward that is not finite'],
])('a faulty place is refused and named: %s', (_case, faulty, message) => {
  for (const estimator of [ips, snips]) expect(() => estimator([...table, slate('d', faulty)], plain)).toThrow(message)
})

test('of many faulty events the first are named', () => {
  const all = ['a', 'b', 'c', 'd'].map((id) => slate(id, { ...place(null, 1, 1), eventId: `X-${id}` }))
  expect(() => ips(all, plain)).toThrow('4 of 4 exposures have no propensity')
  expect(() => ips(all, plain)).toThrow('(events X-a, X-b, X-c and others)')
  expect(() => ips([], plain)).toThrow('there is no slate')
})

/** Probabilities of drawing without replacement in proportion to weights: of each place, given those above. */
const conditional = (weights: readonly number[], products: readonly number[]): number[] => {
  let left = weights.reduce((sum, weight) => sum + weight, 0)
  return products.map((product) => {
    const weight = weights[product] ?? Number.NaN
    const probability = weight / left
    left -= weight
    return probability
  })
}
const pairs = [0, 1, 2].flatMap((a) => [0, 1, 2].filter((b) => b !== a).map((b) => [a, b] as const))
const product = (values: readonly number[]): number => values.reduce((a, b) => a * b, 1)

/**
 * All slates of two of three products, each as often as the logging policy shows it in 60 draws (weights 1, 2, 3: the
 * chances are sixtieths): whatever is unbiased then gives the truth itself.
 */
const problem = (target: readonly number[], rewards: readonly number[], model: readonly number[]) => {
  const log = [1, 2, 3]
  const rewardOf = ([a, b]: readonly [number, number]): readonly [number, number] => [
    rewards[a] ?? 0,
    (rewards[3 + b] ?? 0) + (rewards[6 + a] ?? 0),
  ]
  const modelled = (product: number, rank: number): number => model[3 * rank + product] ?? 0
  const chance = (weights: readonly number[], pair: readonly [number, number]) => product(conditional(weights, pair))
  const mean = (of: (pair: readonly [number, number]) => number) =>
    pairs.reduce((sum, pair) => sum + chance(target, pair) * of(pair), 0)
  const expected = [mean(([a]) => modelled(a, 0)), mean(([, b]) => modelled(b, 1))]
  const slates = pairs.flatMap((pair) => {
    const [propensities, targets] = [conditional(log, pair), conditional(target, pair)]
    const one: LoggedSlate<ModelledPlace> = {
      investorId: pair.join(),
      places: pair.map((shown, rank) => ({
        eventId: 'E',
        propensity: propensities[rank] ?? null,
        target: targets[rank] ?? 0,
        reward: rewardOf(pair)[rank] ?? 0,
        modelled: modelled(shown, rank),
        modelledTarget: expected[rank] ?? 0,
      })),
    }
    return Array.from({ length: Math.round(60 * chance(log, pair)) }, () => one)
  })
  return { slates, truth: mean((pair) => rewardOf(pair)[0] + rewardOf(pair)[1]) }
}

test('over all that may be logged, each estimator gives the true value, whatever target, rewards and model', () => {
  const numbers = (length: number, min: number, max: number) =>
    fc.array(fc.double({ min, max, noNaN: true }), { minLength: length, maxLength: length })
  fc.assert(
    fc.property(numbers(3, 0.1, 5), numbers(9, -2, 2), numbers(6, -2, 2), (target, rewards, model) => {
      const { slates, truth } = problem(target, rewards, model)
      for (const reach of ['prefix', 'slate'] as const) {
        const options = { reach, clip: null }
        for (const value of [ips(slates, options), snips(slates, options), doublyRobust(slates, options)])
          expect(value.value).toBeCloseTo(truth, 9)
      }
    }),
  )
})

test('SNIPS moves with the rewards by as much as they do', () => {
  const shifted = table.map(({ investorId, places }) =>
    slate(investorId, ...places.map((one) => ({ ...one, reward: one.reward + 7 }))),
  )
  expect(snips(shifted, plain).value).toBeCloseTo(7 + snips(table, plain).value, 12)
})

test('a model of rewards: rank times appeal, and nobody predicts himself', () => {
  const rows = Array.from({ length: 10 }, (_, i) => ({
    investorId: `i${i}`,
    rank: 0,
    cell: i < 5 ? 'liked' : 'not',
    reward: i < 5 ? 1 : 0,
  }))
  const model = fitRewards(rows)
  // Without i0 and i5: rate 4/8; liked (4 + 5) / (4 · ½ + 5), not 5 / (2 + 5), unseen 1.
  expect(model('i0', 0, 'liked')).toBeCloseTo((0.5 * 9) / 7, 12)
  expect(model('i0', 0, 'not')).toBeCloseTo((0.5 * 5) / 7, 12)
  expect(model('i0', 0, 'unseen')).toBeCloseTo(0.5, 12)
  expect(model('i0', 3, 'liked')).toBe(0)
  expect(
    fitRewards(rows.map((row) => (row.investorId === 'i0' ? { ...row, reward: 50 } : row)))('i0', 0, 'liked'),
  ).toBe(model('i0', 0, 'liked'))
  expect(() => fitRewards([])).toThrow('no row')
  expect(() => fitRewards([{ investorId: 'i', rank: 0, cell: 'c', reward: -1 }])).toThrow('rewards from 0')
})
