import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { report, rounded } from './suite.js'

const Hello = z.object({ ports: z.object({ real: z.number(), canned: z.number() }), key: z.string() })
const Told = z.object({ cpu: z.object({ user: z.number(), system: z.number() }), rssMb: z.number() })

const connections = 32
const requests = 4000
const rounds = 5

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN

/** What the whole path costs, in CPU of the serving process, as a ratio to the same Express with a canned reply. */
export async function wholePath(): Promise<void> {
  const child = fork(fileURLToPath(new URL('./httpServer.js', import.meta.url)))
  const next = async (): Promise<unknown> => ((await once(child, 'message')) as unknown[])[0]
  const { ports, key } = Hello.parse(await next())
  const ask = async (message: object): Promise<z.infer<typeof Told>> => {
    const answer = next()
    child.send(message)
    return Told.parse(await answer)
  }
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const post = (port: number): Promise<string> => send(agent, port, key)
  const reply = await post(ports.real)
  await ask({ reply })
  const measured = { real: [] as Sample[], canned: [] as Sample[] }
  await load(ports.real, requests, post)
  await load(ports.canned, requests, post)
  for (let round = 0; round < rounds; round++)
    for (const which of ['canned', 'real'] as const) {
      const before = await ask({})
      const times = await load(ports[which], requests, post)
      const after = await ask({})
      const cpu = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system
      measured[which].push({ cpu: cpu / requests, ...times })
    }
  const { rssMb } = await ask({})
  child.send({ stop: true })
  await once(child, 'exit')
  agent.destroy()
  const row = (name: string, samples: readonly Sample[]) => ({
    app: name,
    'CPU µs a request': rounded(median(samples.map(({ cpu }) => cpu)), 0),
    'requests/s': Math.round(median(samples.map(({ perSecond }) => perSecond))),
    'p50 ms': rounded(median(samples.map(({ p50 }) => p50)), 1),
    'p99 ms': rounded(median(samples.map(({ p99 }) => p99)), 1),
  })
  const ratios = measured.real.map(({ cpu }, round) => cpu / (measured.canned[round]?.cpu ?? NaN))
  report('http', {
    question: 'What does the whole path of a recommendation cost beside the same Express answering a canned reply?',
    baseline: `Express with its JSON parser and a canned reply of the same ${Buffer.byteLength(reply)} bytes`,
    n: `${rounds} rounds of ${requests} requests each, ${connections} connections, load from the same machine; all real funds; every decision recorded durably; server at ${rssMb} MB`,
    rows: [
      row('canned', measured.canned),
      row('whole path', measured.real),
      { app: 'ratio of CPU, median of the rounds', 'CPU µs a request': rounded(median(ratios)) },
    ],
  })
}

type Sample = { readonly cpu: number; readonly perSecond: number; readonly p50: number; readonly p99: number }

function send(agent: Agent, port: number, key: string): Promise<string> {
  const body = JSON.stringify({ investorId: 'cn-c4', size: 10 })
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  }
  return new Promise((resolve, reject) => {
    const call = request(
      { agent, port, host: '127.0.0.1', method: 'POST', path: '/v1/recommendations', headers },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          if (response.statusCode === 200) resolve(text)
          else reject(new Error(`status ${response.statusCode}: ${text.slice(0, 300)}`))
        })
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}

async function load(
  port: number,
  count: number,
  post: (port: number) => Promise<string>,
): Promise<Omit<Sample, 'cpu'>> {
  const times: number[] = []
  const from = performance.now()
  let left = count
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const start = performance.now()
      await post(port)
      times.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: connections }, client))
  const perSecond = (count * 1000) / (performance.now() - from)
  times.sort((a, b) => a - b)
  return { perSecond, p50: times[count >> 1] ?? NaN, p99: times[Math.floor(count * 0.99)] ?? NaN }
}
