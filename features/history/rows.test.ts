import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { storedFeatures } from '../definitions/catalogue.js'
import { storedVector } from '../definitions/vectors.js'
import { type InvestorId } from '../schema/ids.js'
import { type EventRecord, type InvestorRecord } from '../schema/records.js'
import { type Instant } from '../schema/time.js'
import { anyTrade, tradeRecord } from '../../tests/randomTrades.js'
import { cancellation, investorRecord } from '../../tests/sampleRecords.js'
import { seededTraits } from '../../tests/seededAccounts.js'
import { openHistory } from './history.js'
import { type History, type Pairs } from './port.js'

let dir: string
let history: History
const open = async (): Promise<void> => {
  dir = await mkdtemp(join(tmpdir(), 'aptus-rows-'))
  history = await openHistory(dir)
}
const drop = async (): Promise<void> => {
  await history.close()
  await rm(dir, { recursive: true })
}
beforeEach(open)
afterEach(drop)

const width = storedFeatures.length
const pairsOf = (list: readonly (readonly [string, Instant])[]): Pairs => {
  const investorIds = [...new Set(list.map(([id]) => id as InvestorId))]
  return {
    investorIds,
    investor: Int32Array.from(list, ([id]) => investorIds.indexOf(id as InvestorId)),
    at: Float64Array.from(list, ([, at]) => at),
  }
}

/** The rows in the order of the pairs, as bytes: NaN is NaN, and -0 is not 0. */
async function rowsOf(pairs: Pairs): Promise<readonly (string | undefined)[]> {
  const rows: (string | undefined)[] = Array.from(pairs.at, () => undefined)
  for await (const { pair, values } of history.rows(pairs, () => seededTraits))
    for (const [row, place] of pair.entries()) {
      if (rows[place] !== undefined) throw new Error(`pair ${place} came twice`)
      rows[place] = hexOf(values.slice(row * width, (row + 1) * width))
    }
  return rows
}
const hexOf = (vector: Float32Array): string =>
  Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('hex')

const owner = fc.constantFrom('a', 'b', 'c', 'B')
const when = fc.nat(31)
const anyFacts = fc.record({
  profiles: fc.array(fc.tuple(owner, when, fc.nat(99)), { maxLength: 10 }),
  /** Late by so much: known only then. */
  events: fc.array(fc.tuple(owner, anyTrade, fc.nat(9)), { maxLength: 40 }),
  cancellations: fc.array(fc.tuple(owner, when, fc.nat(39)), { maxLength: 8 }),
})
type Facts = typeof anyFacts extends fc.Arbitrary<infer T> ? T : never

const day = 86_400_000
const recordsOf = ({ profiles, events, cancellations }: Facts, prefix: string, cancelled = prefix, from = 0) => ({
  profiles: profiles.map(([who, at, horizon]) => investorRecord(who, (from + at) * day, horizon)),
  events: [
    ...events.map(([who, trade, late], n): EventRecord => {
      const { value } = tradeRecord(`${prefix}${n}`, who, { ...trade, at: trade.at * day })
      return { value, knownAt: (from + trade.at + late) * day }
    }),
    ...cancellations.map(([who, at, n], place) =>
      cancellation(`${prefix}c${place}`, who, (from + at) * day, `${cancelled}${n}`),
    ),
  ],
})

const append = async ({ profiles, events }: { profiles: InvestorRecord[]; events: EventRecord[] }): Promise<void> => {
  await history.appendInvestors(profiles, 'test')
  await history.appendEvents(events, 'test')
}

test('a row is the vector of the account as it was known then, bit for bit', async () => {
  let knownRows = 0
  const asked = fc.array(fc.tuple(owner, fc.nat(45)), { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(anyFacts, asked, async (facts, drawn) => {
      await drop()
      await open()
      await append(recordsOf(facts, 'e'))
      const pairs = drawn.map(([who, at]) => [who, at * day + 1] as const)
      const expected = []
      for (const [who, at] of pairs) {
        const account = await history.accountAsOf(who as InvestorId, at)
        const missing = new Float32Array(width).fill(Number.NaN)
        expected.push(hexOf(account === null ? missing : storedVector(account, at, seededTraits)))
        if (account !== null) knownRows += 1
      }
      expect(await rowsOf(pairsOf(pairs))).toEqual(expected)
    }),
    { numRuns: 25 },
  )
  expect(knownRows).toBeGreaterThan(30)
})

test('no fact known later changes a row: not events, profiles, corrections or cancellations of what was known', async () => {
  const instant = 20
  await fc.assert(
    fc.asyncProperty(anyFacts, anyFacts, async (before, later) => {
      await drop()
      await open()
      await append(recordsOf(before, 'e'))
      const pairs = pairsOf(
        ['a', 'b', 'c', 'B'].flatMap((who) => [3, 11, instant].map((at) => [who, at * day] as const)),
      )
      const rows = await rowsOf(pairs)
      await append(recordsOf(later, 'f', 'e', instant))
      expect(await rowsOf(pairs)).toEqual(rows)
    }),
    { numRuns: 25 },
  )
})

test('a fact known earlier does change a row, and a cancellation takes it back from when it is known', async () => {
  const pairs = pairsOf([
    ['a', 10 * day],
    ['a', 30 * day],
  ])
  await history.appendInvestors([investorRecord('a', 1)], 'test')
  const before = await rowsOf(pairs)
  await history.appendEvents([tradeRecord('e1', 'a', { type: 'view', productId: 'p0', at: 5 * day })], 'test')
  const told = await rowsOf(pairs)
  expect(told[0]).not.toBe(before[0])
  expect(told[1]).not.toBe(before[1])
  await history.appendEvents([cancellation('e2', 'a', 20 * day, 'e1')], 'test')
  expect(await rowsOf(pairs)).toEqual([told[0], before[1]])
})

test('pairs that are none are refused', async () => {
  const broken = { investorIds: [], investor: Int32Array.of(0), at: Float64Array.of(1) }
  await expect(rowsOf(broken)).rejects.toThrow('pair 0 names investor 0 of 0')
  await expect(rowsOf({ ...broken, at: new Float64Array() })).rejects.toThrow('1 investors and 0 instants')
})
