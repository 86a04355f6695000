import { randomFor } from '../features/definitions/random.js'
import { type Investor } from '../features/schema/investor.js'
import { type Behaviour } from '../features/schema/behaviour.js'
import { at } from './at.js'
import { type Bucket, popularSlates, type SlatePolicy } from './policy.js'
import { recordMarket, small } from './testMarket.js'

const bucket = (ordinals: number[], sums: number[]): Bucket => ({
  kind: 0,
  level: 1,
  minHorizonMonths: 0,
  objectives: 1,
  ordinals: Int32Array.from(ordinals),
  sums: Float64Array.from(sums),
  total: sums.at(-1) ?? 0,
})
const suitable = [bucket([4, 7], [1, 4]), bucket([9], [4])]

const slate = (size: number, label: string) =>
  popularSlates({
    investor: {} as Investor,
    knownAt: 0,
    at: 1,
    size,
    suitable,
    product: () => null,
    behaviour: () => ({ purchased: [], viewed: [] }),
    random: randomFor(5, label),
  })

test('the logged propensity is how often a product is shown at its rank, given those above', () => {
  const times = 20_000
  const first = new Map<number, { shown: number; propensity: number }>()
  for (let i = 0; i < times; i++) {
    const [top, second] = slate(2, String(i))
    if (top === undefined || second === undefined) throw new Error('want two')
    const one = first.get(top.product) ?? { shown: 0, propensity: top.propensityMillionths }
    first.set(top.product, { ...one, shown: one.shown + 1 })
    if (top.product === 7) expect(second.propensityMillionths).toBe(second.product === 4 ? 200_000 : 800_000)
  }
  for (const { shown, propensity } of first.values())
    expect(Math.abs(shown / times - propensity / 1_000_000)).toBeLessThan(0.02)
  expect([...first].map(([product, { propensity }]) => [product, propensity]).sort()).toEqual([
    [4, 125_000],
    [7, 375_000],
    [9, 500_000],
  ])
})

test('a slate repeats nothing and ends with what there is', () => {
  const shown = slate(10, 'all').map(({ product }) => product)
  expect([...shown].sort()).toEqual([4, 7, 9])
})

test('lower places are opened less, and every exposure has its propensity', async () => {
  const market = await recordMarket({ ...small, investors: 1_500 })
  const exposures = market.events.flatMap(({ value }) => (value.type === 'exposure' ? [value] : []))
  expect(exposures.length).toBeGreaterThan(1_000)
  expect(exposures.every(({ propensity }) => propensity !== null && propensity > 0 && propensity <= 1)).toBe(true)
  const views = new Map<string, number[]>()
  for (const { value } of market.events)
    if (value.type === 'view') {
      const key = `${value.investorId} ${value.productId}`
      views.set(key, [...(views.get(key) ?? []), value.occurredAt])
    }
  const opened = (rank: number): number => {
    const shown = exposures.filter((one) => one.rank === rank)
    const seen = shown.filter(({ investorId, productId, occurredAt }) =>
      (views.get(`${investorId} ${productId}`) ?? []).some((at) => at > occurredAt && at < occurredAt + 600_000),
    )
    return seen.length / shown.length
  }
  expect(opened(1)).toBeGreaterThan(1.5 * opened(3))
  expect(opened(1)).toBeGreaterThan(2 * opened(5))
})

test('a policy of the caller is shown as it is, and may ask for behaviour', async () => {
  const pasts: Behaviour[] = []
  const policy: SlatePolicy = ({ suitable: buckets, behaviour }) => {
    pasts.push(behaviour())
    const [one] = buckets
    return one === undefined ? [] : [{ product: at(one.ordinals, 0), propensityMillionths: 1_000_000 }]
  }
  const { events } = await recordMarket({ ...small, policy })
  const ranks = new Set(events.flatMap(({ value }) => (value.type === 'exposure' ? [value.rank] : [])))
  expect([...ranks]).toEqual([1])
  expect(pasts.some(({ purchased }) => purchased.length > 0)).toBe(true)
})
