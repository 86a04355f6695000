import { allOff, allOn, type Switches } from '../simulation/options.js'
import { isFull } from '../tests/full.js'
import { IalsConfig, TwoTowerConfig } from '../training/models/config.js'
import { randomFor } from '../training/random.js'
import { bootstrap } from './bootstrap.js'
import { marketHoldout, type Score } from './marketHoldout.js'
import { compared, monthlyNavPack } from './twoTower.js'

const configs = {
  popularity: { kind: 'popularity' },
  ials: IalsConfig.parse({ kind: 'ials' }),
  'two-tower': TwoTowerConfig.parse({ kind: 'two-tower', epochs: 3 }),
} as const

/** A minute of processor time for both markets; machines are shared. */
const patience = 300_000
const companies = 40
const few = { products: 600, investors: 2_000, days: 240 }
/**
 * More, for the gain to stand out of the noise of a tenth of the purchases. In the long check alone: the README's test
 * asks the same of the market that `npm start` trains on.
 */
const more = { products: 1_500, investors: 6_000, days: 365 }

const scored = (switches: Switches, size: typeof few): Promise<Score[]> =>
  marketHoldout({ ...size, seed: 11, companies, switches }, configs, [monthlyNavPack()])

if (isFull)
  test(
    'on a small market two-tower learns what popularity cannot',
    async () => {
      const result = compared(await scored(allOn, more))
      expect(result['two-tower / popularity']).toBeGreaterThan(1.2)
      expect(result.low).toBeGreaterThan(0)
    },
    patience,
  )

test(
  'and nothing where nothing can be learned',
  async () => {
    const result = compared(await scored(allOff, few))
    expect(result.low).toBeLessThanOrEqual(0)
    expect(result.high).toBeGreaterThanOrEqual(0)
  },
  patience,
)

test('the interval holds the true mean as often as it says', () => {
  const samples = 100
  const held = Array.from({ length: samples }, (_, sample) => {
    const values = Array.from({ length: 40 }, randomFor(sample, 'drawn').uniform)
    const { low, high } = bootstrap(values, sample)
    return low <= 0.5 && 0.5 <= high
  }).filter(Boolean).length
  expect(held / samples).toBeGreaterThan(0.87)
})

test('an interval of nothing is refused', () => expect(() => bootstrap([], 1)).toThrow('no value'))
