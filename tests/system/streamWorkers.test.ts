import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openHistory } from '../../features/history/history.js'
import { type InvestorId } from '../../features/schema/ids.js'
import { redisStore } from '../../features/store/redis.js'
import { openInvestors } from '../../serving/investors.js'
import { refill } from '../../serving/storeFollower.js'
import { openStoreEvents, streamedStore } from '../../serving/streamedStore.js'
import { hasRedisServer, startRedis, until } from '../redisServers.js'
import { eventRecord, investorRecord } from '../sampleRecords.js'
import { aptus, isBuilt } from './aptus.js'

const file = 'tests/system/streamWorkers'
const suite = isBuilt(file) && hasRedisServer(file) ? describe : describe.skip
const id = 'a' as InvestorId

suite('aptus features work', () => {
  const cleanups: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  })

  test('folds what is published; what a killed one had in hand, the next takes over', async () => {
    const [server, dir] = [await startRedis(), await mkdtemp(join(tmpdir(), 'aptus-work-'))]
    cleanups.push(server.stop, () => rm(dir, { recursive: true }))
    const environment = { APTUS_REDIS_URL: server.url, APTUS_EVENTS: 'stream' }
    const history = await openHistory(dir)
    const store = streamedStore(await redisStore(server.url, { streamed: true }), await openStoreEvents(server.url))
    cleanups.push(history.close, store.close)
    await refill(history, store)
    const investors = openInvestors(history, store)
    await investors.put(investorRecord(id, 1))
    // The first read settles that this Redis holds what was written.
    await investors.get(id)
    const tell = async (first: number): Promise<void> => {
      const events = Array.from({ length: 20 }, (_, n) =>
        eventRecord(`e${first + n}`, { investorId: id, productId: 'p', at: 5 + n }),
      )
      expect((await investors.addEvents(events)).accepted).toBe(20)
    }
    const bought = async (): Promise<number> => (await investors.get(id))?.behaviour.purchased[0]?.count ?? 0

    await tell(0)
    expect(await bought()).toBe(0)
    const args = [resolve('dist/cli/main.js'), 'features', 'work', '--workers', '2']
    const child = spawn(process.execPath, args, { env: { ...process.env, ...environment, NODE_OPTIONS: '' } })
    const ended = new Promise((done) => child.once('close', done))
    try {
      await until(async () => (await bought()) === 20, 'the worker')
    } finally {
      child.kill('SIGKILL')
      await ended
    }
    await tell(20)
    const dead = await openStoreEvents(server.url)
    await expect(Promise.all([dead.work('dead'), dead.close()])).rejects.toThrow()
    await new Promise((done) => setTimeout(done, 1_100))
    const { code, stdout } = await aptus(['features', 'work', '--drain', '--take-over-after', '1'], environment)
    expect([code, await bought()]).toEqual([0, 40])
    expect(stdout).toMatch(/^\d+ events folded\n$/)
  }, 60_000)

  test('without a stream it says what it wants', async () => {
    const { code, stderr } = await aptus(['features', 'work', '--drain'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('APTUS_REDIS_URL and APTUS_EVENTS=stream')])
  })
})
