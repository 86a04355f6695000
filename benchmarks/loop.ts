import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { report } from './suite.js'

export type LoopSize = {
  readonly investors: number
  readonly products: number
  readonly days: number
  /** Requests that are under way at any time. */
  readonly clients: number
}

/** What happened while a model was trained on thirty more days, promoted and rolled back under load. */
export type LoopFound = {
  readonly requests: number
  /** Of them, decisions that were a refusal, recorded and told why: an assessment that had expired, say. */
  readonly refusals: number
  /** Requests that were not answered by a decision, in words. */
  readonly failed: readonly string[]
  readonly eventsSent: number
  /** By which slates were decided, in the order of their first use. */
  readonly releases: readonly string[]
  readonly promoted: string
  readonly backTo: string
  readonly first: string
  readonly longestMs: number
  /** Why it was trained again. */
  readonly because: string
  /** Gates that were shut, and overridden by name. */
  readonly overridden: readonly string[]
}

const main = resolve('dist/cli/main.js')
const newDays = 30
const Retrained = z.looseObject({ because: z.string(), trained: z.looseObject({ id: z.string() }) })
const Served = z.looseObject({ release: z.string() })
const Shut = z.looseObject({ gates: z.array(z.looseObject({ name: z.string(), passed: z.boolean() })) })

/** Runs a command to its end and resolves to its JSON. Rejects where it fails. */
const aptus = (...args: string[]): Promise<unknown> =>
  new Promise((done, failed) => {
    const child = spawn(process.execPath, [main, ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    child.stdout.on('data', (text: Buffer) => (out += text.toString()))
    child.stderr.on('data', (text: Buffer) => (err += text.toString()))
    child.on('close', (code) =>
      code === 0 ? done(JSON.parse(out)) : failed(new Error(`aptus ${args[0] ?? ''} ended with ${code}: ${err}`)),
    )
  })

/** A market as files, its last thirty days of events taken out: events.csv keeps the rest. */
async function market({ investors, products, days }: LoopSize, dir: string): Promise<Record<string, string>[]> {
  const size = ['--investors', `${investors}`, '--products', `${products}`, '--days', `${days}`]
  await aptus('simulate', ...size, '--out', dir, '--data', join(dir, 'none'))
  const [header = '', ...lines] = (await readFile(join(dir, 'events.csv'), 'utf8')).trim().split('\n')
  const events = parse<Record<string, string>>([header, ...lines].join('\n'), { columns: true })
  const cut = new Date(Date.now() - newDays * 86_400_000).toISOString()
  const isOld = ({ occurred_at: at = '' }: Record<string, string>): boolean => at < cut
  await writeFile(join(dir, 'events.csv'), [header, ...lines.filter((_, n) => isOld(events[n] ?? {})), ''].join('\n'))
  return events.filter((event) => !isOld(event))
}

/** As `POST /v1/events` takes them: what an app tells; nothing was shown by this server yet. */
const bodyOf = (event: Record<string, string>): object | null =>
  event['type'] !== 'view' && event['type'] !== 'purchase'
    ? null
    : {
        ...{ eventId: event['event_id'], investorId: event['investor_id'], type: event['type'] },
        ...{ productId: event['product_id'], occurredAt: event['occurred_at'] },
      }

type Api = (path: string, body?: object, key?: 'app' | 'science') => Promise<{ status: number; json: unknown }>

/** Simulated, trained, served; then under load: thirty days of events, a run beside the server, its gates, promotion, and back. */
export async function loop(size: LoopSize): Promise<LoopFound> {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-loop-'))
  const data = join(dir, 'data')
  const on = (...args: string[]): Promise<unknown> => aptus(...args, '--data', data)
  try {
    const news = await market(size, dir)
    await on('import', 'csv', dir)
    await on('train')
    const { digest: first } = z.looseObject({ digest: z.string() }).parse(await on('release', 'build', '--activate'))
    const keys = { app: await keyFor(on, 'app'), science: await keyFor(on, 'science') }
    return await served(data, keys, async (api) => ({ first, ...(await underLoad(api, on, news, size)) }))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

const keyFor = async (on: (...args: string[]) => Promise<unknown>, scope: string): Promise<string> =>
  z.looseObject({ key: z.string() }).parse(await on('keys', 'add', '--scope', scope)).key

async function underLoad(
  api: Api,
  on: (...args: string[]) => Promise<unknown>,
  news: readonly Record<string, string>[],
  { clients }: LoopSize,
): Promise<Omit<LoopFound, 'first'>> {
  const ids = [...new Set(news.flatMap(({ investor_id: id }) => id ?? []))]
  const load = asking(api, ids, clients)
  const events = news.flatMap((event) => bodyOf(event) ?? [])
  for (let from = 0; from < events.length; from += 500) {
    const { status, json } = await api('/v1/events', { events: events.slice(from, from + 500) })
    if (status !== 200) throw new Error(`events: ${status} ${JSON.stringify(json)}`)
  }
  // A decision as of now reads the history, so that what waits in the journal is brought into it; half a minute would do too.
  await api('/v1/recommendations', { investorId: ids[0], asOf: new Date().toISOString() }, 'science')
  // As cron would: of thirty days the new purchases are too few for the bound that is the default.
  const { because, trained: run } = Retrained.parse(await on('train', '--if-drifted', '--new-purchases', '0.001'))
  const reason = 'the market is invented and small'
  const promote = (body: object) => api(`/v1/models/${run.id}/promote`, body, 'science')
  const asked = await promote({})
  const shut = asked.status === 409 ? Shut.parse(asked.json).gates.filter(({ passed }) => !passed) : []
  const overridden = shut.map(({ name }) => name)
  const promoted = shut.length === 0 ? asked : await promote({ override: overridden, reason })
  await load.some()
  const back = await api('/v1/releases/rollback', { reason }, 'science')
  await load.some()
  const { requests, refusals, failed, longestMs, releases } = await load.stop()
  return {
    ...{ requests, refusals, failed, longestMs, releases, overridden, because, eventsSent: events.length },
    promoted: Served.parse(promoted.json).release,
    backTo: Served.parse(back.json).release,
  }
}

/** So many clients, each asking for one slate after another. `some` resolves when each has begun and ended one more. */
function asking(api: Api, ids: readonly string[], clients: number) {
  const failed: string[] = []
  const releases = new Set<string>()
  let [requests, refusals, longestMs, going] = [0, 0, 0, true]
  const client = async (which: number): Promise<void> => {
    for (let turn = which; going; turn += clients) {
      const from = performance.now()
      const { status, json } = await api('/v1/recommendations', { investorId: ids[turn % ids.length], size: 5 })
      requests++
      longestMs = Math.max(longestMs, performance.now() - from)
      const { decisionId, release } = json as { decisionId?: string; release?: string }
      if (status === 409 && decisionId !== undefined) refusals++
      else if (status !== 200 || decisionId === undefined) failed.push(`${status} ${JSON.stringify(json)}`)
      else releases.add(String(release))
    }
  }
  const all = Array.from({ length: clients }, (_, which) => client(which))
  return {
    some: async (): Promise<void> => {
      const enough = requests + 3 * clients
      while (requests < enough) await new Promise((wait) => setTimeout(wait, 10))
    },
    stop: async () => {
      going = false
      await Promise.all(all)
      return { requests, refusals, failed, longestMs: Math.round(longestMs), releases: [...releases] }
    },
  }
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => done(port))
    })
  })

async function served<T>(
  data: string,
  keys: { readonly app: string; readonly science: string },
  work: (api: Api) => Promise<T>,
): Promise<T> {
  const port = await freePort()
  const child = spawn(process.execPath, [main, 'serve', '--data', data, '--port', String(port)], { stdio: 'ignore' })
  const ended = new Promise<number | null>((done) => child.on('close', done))
  const url = `http://127.0.0.1:${port}`
  const api: Api = async (path, body, key = 'app') => {
    const headers = { authorization: `Bearer ${keys[key]}`, 'content-type': 'application/json' }
    // A connection that breaks is a request that failed, like any other.
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }).catch(String)
    return typeof answer === 'string'
      ? { status: 0, json: answer }
      : { status: answer.status, json: await answer.json() }
  }
  try {
    for (let tries = 0; (await fetch(`${url}/readyz`).catch(() => null))?.status !== 200; tries++) {
      if (tries > 3000 || child.exitCode !== null) throw new Error('the server did not become ready')
      await new Promise((wait) => setTimeout(wait, 50))
    }
    return await work(api)
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

/** Whether the loop goes round unattended, at a size that a test cannot have. */
export async function unattendedLoop(): Promise<void> {
  const size = { investors: 20_000, products: 4200, days: 400, clients: 8 }
  const { failed, releases, ...found } = await loop(size)
  report('loop', {
    question: 'Do requests fail while thirty more days come in, a model is trained beside, promoted and rolled back?',
    baseline: 'none may',
    n: `${size.investors} investors, ${size.products} products, ${size.days} days; ${size.clients} clients`,
    rows: [{ ...found, failed: failed.length, releases: releases.length, overridden: found.overridden.join(' ') }],
    remarks: failed.slice(0, 10),
  })
}
