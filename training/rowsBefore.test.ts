import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openHistory } from '../features/history/history.js'
import { type History, type Interactions } from '../features/history/port.js'
import { type EventRecord } from '../features/schema/records.js'
import { rowsBefore } from './rowsBefore.js'
import { cancellation, eventRecord } from '../tests/sampleRecords.js'

let dir: string
let history: History
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aptus-rows-before-'))
  history = await openHistory(dir)
})
afterEach(async () => {
  await history.close()
  await rm(dir, { recursive: true })
})

const rowsOf = ({ investorIds, productIds, rows }: Interactions): readonly unknown[] =>
  [...rows.at].map((at, row) => [
    investorIds[rows.investor[row] ?? -1],
    at,
    productIds[rows.product[row] ?? -1],
    rows.knownAt[row],
    rows.type[row],
  ])

/** Event `n` is told at 3 n + 1; every third is cancelled some time later. */
const past = (events: number): readonly EventRecord[] =>
  Array.from({ length: events }, (_, n) => {
    const [investorId, productId] = [`i${(n * 5) % 7}`, `p${(n * n) % 11}`]
    const event = eventRecord(`e${n}`, {
      investorId,
      productId,
      at: 3 * n + 1,
      type: n % 2 === 0 ? 'purchase' : 'view',
    })
    return n % 3 === 0 ? [event, cancellation(`c${n}`, investorId, 3 * n + 2 + ((n * 13) % 60), `e${n}`)] : [event]
  })
    .flat()
    .sort((a, b) => a.knownAt - b.knownAt)

test('the rows before a cut are those that were known at the cut, whatever was cancelled after it', async () => {
  await history.appendEvents(past(60), 'test')
  const all = await history.interactions(1_000)
  let standing = 0
  for (const cut of [1, 2, 40, 80, 100, 150, 240, 1_000]) {
    const [then, now] = [await history.interactions(cut), rowsBefore(all, cut)]
    expect(rowsOf(now)).toEqual(rowsOf(then))
    expect(now.takenBack).toEqual(then.takenBack)
    expect([...now.investorIds].sort()).toEqual(now.investorIds)
    expect([...now.productIds].sort()).toEqual(now.productIds)
    standing += rowsOf(then).length - [...all.rows.knownAt].filter((knownAt) => knownAt < cut).length
  }
  expect(standing).toBeGreaterThan(10)
})

test('of whom all was cancelled later, and a product of nobody else, are among the ids', async () => {
  const event = eventRecord('e1', { investorId: 'a', productId: 'p', at: 2 })
  const other = eventRecord('e2', { investorId: 'b', productId: 'q', at: 3 })
  await history.appendEvents([event, other, cancellation('c1', 'a', 7, 'e1')], 'test')
  const all = await history.interactions(8)
  expect([all.investorIds, all.productIds]).toEqual([['b'], ['q']])
  const before = rowsBefore(all, 7)
  expect([before.investorIds, before.productIds]).toEqual([
    ['a', 'b'],
    ['p', 'q'],
  ])
  expect(rowsOf(before)).toEqual(rowsOf(await history.interactions(7)))
})
