import { type Mode } from '../engine/decision.js'
import { randomDecision } from '../tests/randomDecisions.js'
import { systemEntry } from '../tests/systemEntries.js'
import { type Entry } from './entry.js'
import { type Placed } from './ledger.js'
import { newestRecorded } from './newestRecorded.js'

const decided = (at: number, mode: Mode): Entry =>
  ({ ...randomDecision(1).decision, type: 'decision', at, mode }) as never
const system = (at: number): Entry => ({ ...systemEntry(1), at })
const of = (entries: readonly Entry[]): Promise<number> =>
  newestRecorded({
    size: () => entries.length,
    async *iterate(from = 0) {
      await Promise.resolve()
      for (const [place, entry] of entries.slice(from).entries()) yield { index: from + place, entry } as Placed
    },
  })

test('the newest instant, wherever it stands; what was decided as of the past is none', async () => {
  expect(await of([])).toBe(-Infinity)
  expect(await of([system(5), decided(9, 'live'), system(7)])).toBe(9)
  expect(await of([system(9), decided(7, 'live')])).toBe(9)
  expect(await of([system(5), decided(9, 'historical'), decided(8, 'evaluation'), decided(3, 'live')])).toBe(5)
})

test('it looks at the last 256 entries', async () => {
  const older = (count: number): readonly Entry[] => [system(100), ...Array.from({ length: count }, () => system(1))]
  expect(await of(older(255))).toBe(100)
  expect(await of(older(256))).toBe(1)
})
