import { openBacktest } from '../../../audit/backtest/openBacktest.js'
import { FirmId } from '../../../features/schema/ids.js'
import { randomDecisions } from '../../../tests/randomDecisions.js'
import { type AuditService } from '../auditService.js'
import { type BacktestReport, reportOf } from './backtest.js'
import { backtestJobs, type BacktestStanding } from './jobs.js'

const [firm, other] = [FirmId.parse('default'), FirmId.parse('firm-b')]
const { pack } = randomDecisions
const period = { firmId: firm, from: null, to: null }
const report = reportOf(
  openBacktest(pack).result({ ...period, ledger: { entries: 0, head: '' }, erased: 0, leftOut: 0 }),
)

/** Each run looks at an entry when it is told to, and ends as it is told to. */
function steered() {
  const runs: { readonly look: () => Promise<void>; readonly end: (outcome: BacktestReport | Error) => void }[] = []
  const run: AuditService['backtest'] = (_, __, told) =>
    new Promise((resolve, reject) => {
      const look = async () => told(1, 2)
      runs.push({
        look: () => look().catch(reject),
        end: (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)),
      })
    })
  const jobs = backtestJobs(run)
  const start = (firmId = firm): BacktestStanding => {
    const begun = jobs.start(pack, { ...period, firmId })
    if (begun === 'under-way') throw new Error('one is under way')
    return begun
  }
  const end = async (outcome: BacktestReport | Error = report): Promise<void> => {
    runs.at(-1)?.end(outcome)
    await settled()
  }
  return { jobs, start, end, look: async () => runs.at(-1)?.look() }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

test('one at a time; it tells how far it is, and what it found', async () => {
  const { jobs, start, look, end } = steered()
  const { id } = start()
  expect(jobs.start(pack, period)).toBe('under-way')
  expect(jobs.find(firm, id)).toMatchObject({ looked: 0, entries: 0, report: null })
  await look()
  expect(jobs.find(firm, id)).toMatchObject({ looked: 1, entries: 2, report: null })
  await end()
  expect(jobs.find(firm, id)).toMatchObject({ looked: 1, report })
  expect(jobs.find(other, id)).toBeNull()
})

test('what it failed by is thrown whenever it is asked for, and the next may begin', async () => {
  const { jobs, start, end } = steered()
  const { id } = start()
  await end(new Error('a pack is lost'))
  for (const _ of [1, 2]) expect(() => jobs.find(firm, id)).toThrow('a pack is lost')
  expect(start().id).not.toBe(id)
})

test('the last four are kept', async () => {
  const { jobs, start, end } = steered()
  const ids: string[] = []
  for (let n = 0; n < 5; n += 1) {
    ids.push(start().id)
    await end()
  }
  expect(ids.map((id) => jobs.find(firm, id) !== null)).toEqual([false, true, true, true, true])
})

test('forgetting a firm gives up what goes on for it, and leaves what other firms have', async () => {
  const { jobs, start, look, end } = steered()
  const theirs = start(other).id
  await end()
  const [done] = [start().id]
  await end()
  const going = start().id
  jobs.forget(firm)
  expect([theirs, done, going].map((id) => jobs.find(id === theirs ? other : firm, id) !== null)).toEqual([
    true,
    false,
    false,
  ])
  expect(jobs.start(pack, period)).toBe('under-way')
  await look()
  await settled()
  expect(jobs.find(firm, going)).toBeNull()
  expect(start().report).toBeNull()
})

test('closing gives up what goes on, and waits until it has ended', async () => {
  const { jobs, start, look } = steered()
  start()
  let closed = false
  const closing = jobs.close().then(() => (closed = true))
  await settled()
  expect(closed).toBe(false)
  await look()
  await closing
  expect(closed).toBe(true)
})
