import { resolve } from 'node:path'
import { foldEvents } from '../../features/definitions/behaviour.js'
import { type Event } from '../../features/schema/event.js'
import { type InvestorId } from '../../features/schema/ids.js'
import { type InvestorAccount } from '../../features/schema/records.js'
import { redisStore } from '../../features/store/redis.js'
import { openHome } from '../../serving/home.js'
import { hasRedisServer, type RedisCluster, type RedisServer, startRedisCluster, until } from '../redisServers.js'
import { inFolder, isBuilt, keyFrom, recommend, type Server, startServer, untilReady } from './aptus.js'

const file = 'tests/system/redisCluster.test.ts'
const suite = isBuilt(file) && hasRedisServer(file) ? describe : describe.skip

const investors = Array.from({ length: 50 }, (_, number) => `I${String(number + 1).padStart(2, '0')}`)
const [askers, tellers] = [6, 4]
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

/** `200`, or the type of the problem. */
const outcomeOf = async (reply: Response): Promise<string> => {
  const { type } = (await reply.json()) as { type?: string }
  return reply.status === 200 ? '200' : `${reply.status} ${type ?? ''}`
}
const unreachable = '503 /problems/store-unreachable'

/** What the load saw. */
type Seen = {
  /** How often each answer was given to a recommendation, of persons whom the lost master held and of the others. */
  readonly answers: { readonly lost: Map<string, number>; readonly others: Map<string, number> }
  /** Answers that were neither what the same person was given before nor a refusal for the store's sake. */
  readonly strange: string[]
  readonly accepted: Set<string>
  slowestMs: number
  next: number
}

const viewOf = (number: number): object => ({
  type: 'view',
  eventId: `c-${number}`,
  investorId: investors[number % investors.length],
  productId: `P${number % 5}`,
  occurredAt: new Date(Date.UTC(2026, 0, 1) + (number % 997) * 60_000).toISOString(),
})

async function ask(server: Server, key: string, usual: Map<string, string>, lost: Set<string>, seen: Seen) {
  const investor = investors[Math.floor(Math.random() * investors.length)] ?? ''
  const began = performance.now()
  const outcome = await outcomeOf(await recommend(server.url, key, investor))
  seen.slowestMs = Math.max(seen.slowestMs, performance.now() - began)
  const counts = seen.answers[lost.has(investor) ? 'lost' : 'others']
  counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  if (outcome !== usual.get(investor) && outcome !== unreachable) seen.strange.push(`${investor}: ${outcome}`)
}

/** An event until it is accepted: one that was refused is told again, as an app does. */
async function tell(server: Server, key: string, seen: Seen, stopped: () => boolean) {
  const number = seen.next++
  while (!stopped()) {
    const reply = await fetch(`${server.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ events: [viewOf(number)] }),
    })
    const outcome = await outcomeOf(reply)
    if (outcome === '200') return void seen.accepted.add(`c-${number}`)
    if (outcome !== unreachable) return void seen.strange.push(`event: ${outcome}`)
    await wait(50)
  }
}

/** From now on what a master acknowledges does not reach its replica: they are cut, as by a broken line. */
async function cutReplication(master: RedisServer): Promise<void> {
  master.ask('config', 'set', 'requirepass', 'cut')
  master.ask('-a', 'cut', 'client', 'kill', 'type', 'replica')
  await wait(1_000)
}

const offsetOf = (told: string, name: string): number => Number(new RegExp(`${name}:(\\d+)`).exec(told)?.[1])
/** How many bytes the replica of a master lacks. */
const lag = (master: RedisServer, { servers }: RedisCluster): number => {
  const held = offsetOf(master.ask('-a', 'cut', 'info', 'replication'), 'master_repl_offset')
  const replica = servers.find((server) => {
    const told = server.ask('info', 'replication')
    return told.includes('role:slave') && told.includes(`master_port:${master.port}\r`)
  })
  return held - offsetOf(replica?.ask('info', 'replication') ?? '', 'slave_repl_offset')
}

/** How often each event of the test stands in the history, and persons whose account in Redis is not its fold. */
async function compare(dir: string, redisUrl: string, online: Map<string, InvestorAccount | null>) {
  const home = await openHome(dir, {
    port: 0,
    host: '127.0.0.1',
    redisUrl,
    packName: 'cn-2026',
    packFile: resolve('packs/cn-2026.yaml'),
    firmPacks: [],
    questionnaires: resolve('questionnaires'),
  })
  try {
    const [counts, byInvestor] = [new Map<string, number>(), new Map<string, Event[]>()]
    for await (const batch of home.history.eventsKnown(Number.MAX_SAFE_INTEGER))
      for (const { value } of batch) {
        if (value.eventId.startsWith('c-')) counts.set(value.eventId, (counts.get(value.eventId) ?? 0) + 1)
        byInvestor.set(value.investorId, [...(byInvestor.get(value.investorId) ?? []), value])
      }
    const drifted = investors.filter(
      (id) => JSON.stringify(online.get(id)?.behaviour) !== JSON.stringify(foldEvents(byInvestor.get(id) ?? [])),
    )
    return { counts, drifted }
  } finally {
    await home.close()
  }
}

suite('a Redis Cluster of three masters and three replicas, of which a master is killed under load', () => {
  let cluster: RedisCluster
  beforeAll(async () => {
    cluster = await startRedisCluster(3, 1)
  })
  afterAll(() => cluster.stop())

  test(
    'nobody is unknown meanwhile, and every accepted event is there once, though the cluster lost some',
    () =>
      inFolder(async (dir) => {
        const server = await startServer('start', dir, 'example', { APTUS_REDIS_URL: cluster.url })
        await untilReady(server)
        while (!server.said().includes('/docs tells the rest')) await wait(20)
        const key = keyFrom(server.said(), 'app')
        const usual = new Map<string, string>()
        for (const id of investors) usual.set(id, await outcomeOf(await recommend(server.url, key, id)))
        expect([...usual.values()].filter((outcome) => outcome === '200').length).toBeGreaterThan(10)

        const keyOf = (id: string): string => `aptus:{${id}}:investor`
        const victim = cluster.masterOf(keyOf('I01'))
        const lost = new Set(investors.filter((id) => cluster.masterOf(keyOf(id)) === victim))
        const seen: Seen = {
          answers: { lost: new Map(), others: new Map() },
          strange: [],
          accepted: new Set(),
          slowestMs: 0,
          next: 0,
        }
        let stopped = false
        const repeated = async (work: () => Promise<void>): Promise<void> => {
          while (!stopped) await work()
        }
        const load = Promise.all([
          ...Array.from({ length: askers }, () => repeated(() => ask(server, key, usual, lost, seen))),
          ...Array.from({ length: tellers }, () => repeated(() => tell(server, key, seen, () => stopped))),
        ])
        await until(() => seen.accepted.size >= 30, 'events before')
        await cutReplication(victim)
        const unreplicated = lag(victim, cluster)
        await victim.kill()
        await wait(500)
        const acceptedWhen = { killed: seen.accepted.size, back: 0 }
        await until(async () => {
          const answers = await Promise.all(
            [...lost].map(async (id) => outcomeOf(await recommend(server.url, key, id))),
          )
          return answers.every((outcome) => outcome !== unreachable)
        }, 'recommendations to those whom the lost master held')
        acceptedWhen.back = seen.accepted.size
        await until(() => seen.accepted.size >= acceptedWhen.back + 30, 'events after')
        stopped = true
        await load
        for (const id of investors)
          await fetch(`${server.url}/v1/investors/${id}`, { headers: { authorization: `Bearer ${key}` } })
        server.child.kill('SIGTERM')
        expect(await server.ended).toBe(0)

        const store = await redisStore(cluster.url)
        const online = new Map<string, InvestorAccount | null>()
        for (const id of investors) online.set(id, await store.account(id as InvestorId))
        await store.close()
        const { counts, drifted } = await compare(dir, cluster.url, online)
        const { answers, strange, accepted, slowestMs } = seen
        const missing = [...accepted].filter((id) => !counts.has(id))
        const doubled = [...counts].filter(([, count]) => count !== 1)
        console.info(
          `${unreplicated} bytes lost with the master; ${accepted.size} events accepted (${acceptedWhen.killed} before it was missed, ` +
            `${accepted.size - acceptedWhen.back} after); answers to his ${lost.size} investors ${JSON.stringify([...answers.lost])}, ` +
            `to others ${JSON.stringify([...answers.others])}; slowest ${Math.round(slowestMs)} ms`,
        )
        expect({ strange, missing, doubled, drifted }).toEqual({ strange: [], missing: [], doubled: [], drifted: [] })
        expect(unreplicated).toBeGreaterThan(0)
        expect(answers.lost.get(unreachable) ?? 0).toBeGreaterThan(0)
      }),
    180_000,
  )
})
