import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { type FeatureReference } from '../features/quality/reference.js'
import { Product } from '../features/schema/product.js'
import { type Investor } from '../features/schema/investor.js'
import { type Instant } from '../features/schema/time.js'
import { contract, type Route, type RouteName } from '../serving/http/contract/contract.js'
import { createApp } from '../serving/http/app.js'
import { createMetrics } from '../serving/http/appMetrics.js'
import { type LogEntry } from '../serving/http/failures.js'
import { createIdempotency, type Idempotency } from '../serving/http/idempotency.js'
import { memoryIdempotency } from '../serving/http/idempotencyMemory.js'
import { createKeys, type Scope } from '../serving/http/keys.js'
import { allProblems, problemSchema } from '../serving/http/openapi.js'
import { problems } from '../serving/http/problems.js'
import { type Service } from '../serving/service.js'
import { randomInvestor, randomProduct, seeded } from './randomMarket.js'
import { catalogueOf, randomModel, releaseOf } from './randomRelease.js'
import { memoryService } from './memoryService.js'

export const at = Date.parse('2026-05-08T15:00:00Z')

export const fit: Investor = {
  ...randomInvestor(seeded(1), 1, at),
  investorClass: 'ordinary',
  riskAssessment: {
    level: 'C4',
    assessedAt: at - 86_400_000,
    questionnaireVersion: 'q1',
    basis: 'questionnaire',
    lacksFullCapacity: false,
    acceptsNoLoss: false,
  },
  birthDate: '1980-01-01',
  objectives: ['growth', 'income'],
  horizonMonths: 36,
  consents: { profiling: true, personalisation: true },
}

export type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: unknown
}
type Asking = {
  readonly path?: string
  readonly scope?: Scope | null
  readonly body?: unknown
  readonly raw?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The app over a random market, on a free port of this machine. `ask` holds each answer to the documented schemas. */
export async function httpApp(packName?: string, featureReference: FeatureReference | null = null) {
  const random = seeded(7)
  const catalogue = catalogueOf(Array.from({ length: 1200 }, (_, index) => randomProduct(random, index, at)))
  const release = releaseOf(randomModel(catalogue.products, 16, 1), catalogue)
  const memory = memoryService({ catalogue, release, now: () => at, packName, featureReference })
  return { ...memory, catalogue, ...(await httpOver(memory.service, () => at)) }
}

/** The app over a service; answers for idempotency keys are kept in memory, unless they are given a place. */
export async function httpOver(
  service: Service,
  now: () => Instant,
  idempotency: Idempotency = createIdempotency(memoryIdempotency()),
) {
  const keys = await createKeys({ read: () => Promise.resolve(null), replace: () => Promise.resolve() })
  const made = new Map((await keys.ensureDefaultKeys()).map(({ scope, key }) => [scope, key]))
  const logged: LogEntry[] = []
  const metrics = createMetrics()
  const app = createApp({ service, keys, now, idempotency, log: (entry) => void logged.push(entry), metrics })
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const fetched = async (method: string, path: string, init: Asking = {}): Promise<Reply> => {
    const key = init.scope === undefined || init.scope === null ? undefined : made.get(init.scope)
    const body = init.raw ?? (init.body === undefined ? undefined : JSON.stringify(init.body))
    const response = await fetch(`${base}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...init.headers,
      },
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    const json: unknown = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : null
    return { status: response.status, headers: response.headers, text, json }
  }
  const ask = async (name: RouteName, init: Asking = {}): Promise<Reply> => {
    const route: Route = contract[name]
    const reply = await fetched(route.method.toUpperCase(), init.path ?? route.path, { scope: route.scope, ...init })
    asDocumented(route, reply)
    return reply
  }
  return { keys, made, logged, metrics, base, fetched, ask, close: () => closed(server) }
}

export type HttpApp = Awaited<ReturnType<typeof httpApp>>
export type Http = Awaited<ReturnType<typeof httpOver>>

/** Each real answer is one that OpenAPI names, with the schema that stands there. */
export function asDocumented(route: Route, { status, json, headers }: Reply): void {
  const reply = route.replies[status]
  const named = allProblems(route).filter((name) => problems[name].status === status)
  expect({ status, documented: reply !== undefined || named.length > 0 }).toEqual({ status, documented: true })
  if (reply === undefined || headers.get('content-type')?.startsWith('application/problem+json')) {
    expect(named.map((name) => `/problems/${name}`)).toContain((json as { type: string }).type)
    expect((json as { status: number }).status).toBe(status)
  }
  const schema = reply === undefined ? problemSchema(status) : reply.schema
  const isOther = reply?.mediaType !== undefined && headers.get('content-type')?.startsWith(reply.mediaType)
  if (schema !== undefined && isOther !== true) expect(schema.safeParse(json).error?.issues ?? []).toEqual([])
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

/** A product as JSON has it. */
export const productBody = (index: number): Record<string, unknown> =>
  Product.encode(randomProduct(seeded(index), index, at))
