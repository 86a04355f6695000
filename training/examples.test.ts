import fc from 'fast-check'
import { type Interactions as Recorded } from '../features/history/port.js'
import { type InvestorId, type ProductId } from '../features/schema/ids.js'
import { type InvestorRecord } from '../features/schema/records.js'
import { investorRecord } from '../tests/sampleRecords.js'
import { type Example, examplesOf, type Facts, newestPurchases } from './examples.js'

type Row = { investor: number; product: number; at: number; late: number; purchase: boolean }

/** Facts known before an instant, in the order of `History.interactions`. */
function factsOf(rows: readonly Row[], revisions: readonly InvestorRecord[], before: number): Facts {
  const known = rows
    .filter(({ at, late }) => at + late < before)
    .sort((a, b) => a.investor - b.investor || a.at - b.at || a.product - b.product)
  const numbers = (value: (row: Row) => number): Float64Array => Float64Array.from(known, value)
  const recorded: Recorded = {
    investorIds: ['I0', 'I1', 'I2'] as InvestorId[],
    productIds: ['P0', 'P1', 'P2', 'P3'] as ProductId[],
    rows: {
      investor: Int32Array.from(known, ({ investor }) => investor),
      product: Int32Array.from(known, ({ product }) => product),
      at: numbers(({ at }) => at),
      knownAt: numbers(({ at, late }) => at + late),
      type: Uint8Array.from(known, ({ purchase }) => Number(purchase)),
    },
  }
  const profiles = new Map<InvestorId, InvestorRecord[]>()
  for (const record of revisions.filter(({ knownAt }) => knownAt < before).sort((a, b) => a.knownAt - b.knownAt))
    profiles.set(record.value.id, [...(profiles.get(record.value.id) ?? []), record])
  return { recorded, profiles }
}

const row = (at: number, product: number, purchase: boolean, late = 0): Row => ({
  investor: 0,
  product,
  at,
  late,
  purchase,
})
const seen = ({ investor: { behaviour } }: Example): unknown => [
  behaviour.purchased.map(({ productId }) => productId),
  behaviour.viewed.map(({ productId }) => productId),
]

test('what was told in error counts in examples of before it was known to be, and is none itself', () => {
  const facts = factsOf([row(5, 1, true), row(9, 2, true), row(2, 0, false)], [], 99)
  const error = { type: 'purchase', productId: 'P3' as ProductId, occurredAt: 3, knownAt: 4, cancelledAt: 8 } as const
  const recorded = { ...facts.recorded, takenBack: new Map([['I0' as InvestorId, [error]]]) }
  const examples = [...examplesOf({ ...facts, recorded })]
  expect(examples.map(({ productId }) => productId)).toEqual(['P1', 'P2'])
  expect(examples.map(seen)).toEqual([
    [['P3'], ['P0']],
    [['P1'], ['P0']],
  ])
})

test('an example is a purchase with what was known strictly before it', () => {
  const rows = [
    row(1, 0, false),
    row(3, 1, true),
    row(3, 2, true),
    row(5, 1, true),
    row(7, 3, true),
    row(2, 2, false, 4),
  ]
  const examples = [...examplesOf(factsOf(rows, [investorRecord('I0', 3, 12), investorRecord('I0', 6, 24)], 99))]
  expect(examples.map(({ productId, at }) => [productId, at])).toEqual([
    ['P1', 3],
    ['P2', 3],
    ['P3', 7],
  ])
  expect(examples.map(seen)).toEqual([
    [[], ['P0']],
    [[], ['P0']],
    [
      ['P1', 'P2'],
      ['P2', 'P0'],
    ],
  ])
  expect(examples.map(({ investor }) => investor.profile.horizonMonths)).toEqual([null, null, 24])
})

test('facts known after an instant change no row before it', () => {
  const anyRow = fc.record({
    investor: fc.nat(2),
    product: fc.nat(3),
    at: fc.nat(20),
    late: fc.nat(4),
    purchase: fc.boolean(),
  })
  const anyRevision = fc
    .tuple(fc.nat(2), fc.nat(20), fc.nat(60))
    .map(([who, at, horizon]) => investorRecord(`I${who}`, at, horizon))
  fc.assert(
    fc.property(
      fc.array(anyRow, { maxLength: 30 }),
      fc.array(anyRevision, { maxLength: 6 }),
      fc.nat(22),
      (rows, revisions, instant) => {
        const all = [...examplesOf(factsOf(rows, revisions, Infinity))]
        const before = [...examplesOf(factsOf(rows, revisions, instant))]
        expect(before).toEqual(all.filter(({ knownAt }) => knownAt < instant))
      },
    ),
    { numRuns: 300 },
  )
})

test('from an instant on the examples are the same, and the newest are kept', () => {
  const rows = [1, 2, 3, 4].map((at) => row(at, at - 1, true))
  const facts = factsOf(rows, [], 99)
  expect(newestPurchases(facts.recorded, 2)).toBe(3)
  expect(newestPurchases(facts.recorded, 9)).toBe(-Infinity)
  expect([...examplesOf(facts, 3)]).toEqual([...examplesOf(facts)].slice(2))
})
