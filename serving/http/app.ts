import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler } from 'express'
import { type Instant } from '../../features/schema/time.js'
import { type Service } from '../service.js'
import { enter } from './access.js'
import { type Answer, send } from './answer.js'
import { bodies, type Bodies } from './bodies.js'
import { createMetrics, type Metrics } from './appMetrics.js'
import { contract, type Route } from './contract/contract.js'
import { failure, type Log } from './failures.js'
import { type Idempotency } from './idempotency.js'
import { invalid } from './invalid.js'
import { type Keys } from './keys.js'
import { languageOf } from './language.js'
import { problem, problems } from './problems.js'
import { check, idempotencyKey, idsOf, subjectsOf } from './requests.js'
import { type AnyAsked, type AnyHandler, expressPath } from './route.js'
import { handlersOf } from './routes/all.js'

export type AppOptions = {
  readonly service: Service
  readonly keys: Keys
  /** ms UTC; by it kept answers expire. Decisions take their instant from the service. */
  readonly now: () => Instant
  readonly idempotency: Idempotency
  readonly log: Log
  /** Given where others count too, such as the service its disagreements. */
  readonly metrics?: Metrics
}

/** The routes of contract.ts over a service. One middleware a route beside the body's parser; nothing is global. */
export function createApp(options: AppOptions): Express {
  const metrics = options.metrics ?? createMetrics()
  const app = express()
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple').set('case sensitive routing', true)
  const parsed = bodies()
  const handlers = handlersOf(options.service, options.idempotency, metrics)
  for (const [name, route] of Object.entries(contract) as [keyof typeof contract, Route][])
    register(app, route, handlers[name] as AnyHandler, { ...options, metrics, parsed })

  for (const [path, methods] of methodsByPath())
    app.all(path, (request, response) => {
      const refused = problem(
        'method-not-allowed',
        languageOf(request.headers['accept-language']),
        {},
        { Allow: methods },
      )
      send(response, refused)
    })
  app.get('/problems/:name', (request, response, next) => {
    if (!Object.hasOwn(problems, request.params.name)) next()
    else send(response, redirect(`/docs#problem-${request.params.name}`))
  })
  app.use((request, response) => {
    send(response, problem('unknown-route', languageOf(request.headers['accept-language'])))
  })
  app.use(lastResort(options.log))
  return app
}

type Shared = AppOptions & { readonly metrics: Metrics; readonly parsed: Bodies }

/** Order matters: whose key is not known has no body read. */
function register(app: Express, route: Route, handler: AnyHandler, shared: Shared): void {
  const { keys, metrics, parsed, log } = shared
  const count = (answer: Answer): Answer => {
    metrics.requests.add(1, { route: route.path, method: route.method.toUpperCase(), status: String(answer.status) })
    return answer
  }
  const serve: RequestHandler = (request, response, next) => {
    const language = languageOf(request.headers['accept-language'])
    const entry = enter(request, route.scope, keys, language)
    if (!entry.open) return send(response, count(entry.answer))
    const run = async (error?: unknown): Promise<void> => {
      try {
        if (error !== undefined) throw error as Error
        const checked = check(route, request, language)
        const answer = checked.ok
          ? await answered(
              request,
              route,
              { ...checked, firmId: entry.firmId, reader: entry.reader, language, wantsJson: wantsJson(request) },
              handler,
              shared,
            )
          : checked.answer
        send(response, count(answer))
      } catch (thrown) {
        send(response, count(failure(thrown, { route: route.path, language, personal: idsOf(request) }, log)))
      }
    }
    if (route.body === undefined) return void run().catch(next)
    parsed.read(request, response, (error?: unknown) => void run(error).catch(next))
  }
  app[route.method](expressPath(route), serve)
}

const wantsJson = (request: Request): boolean =>
  request.accepts('text/plain', 'application/json') === 'application/json'

/** Through the kept answers where the request carries an Idempotency-Key and the route records. */
async function answered(
  request: Request,
  route: Route,
  asked: AnyAsked,
  handler: AnyHandler,
  { idempotency, now, parsed }: Shared,
): Promise<Answer> {
  const key = route.records === true ? idempotencyKey(request) : null
  if (key === null) return handler(asked)
  const { firmId, language } = asked
  if (typeof key !== 'string') return invalid([key], language)
  const answer = await idempotency.once(
    {
      firmId,
      // The pattern, and what stands for its parameters: a key may be used for several addresses.
      route: [route.method, route.path, ...Object.values(request.params)].join(' '),
      key,
      body: parsed.bytesOf(request),
      subjects: subjectsOf(asked),
      now: now(),
    },
    async () => handler(asked),
  )
  return answer === 'reused' ? problem('idempotency-key-reused', language) : answer
}

function methodsByPath(): ReadonlyMap<string, string> {
  const methods = new Map<string, string>()
  for (const route of Object.values<Route>(contract)) {
    const path = expressPath(route)
    const own = route.method === 'get' ? 'GET, HEAD' : route.method.toUpperCase()
    methods.set(path, [...(methods.has(path) ? [methods.get(path)] : []), own].join(', '))
  }
  return methods
}

const redirect = (to: string): Answer => ({
  status: 302,
  contentType: 'text/plain',
  headers: { Location: to },
  body: '',
})

/** Faults ahead of any route, such as an address that does not decode. */
const lastResort =
  (log: Log): ErrorRequestHandler =>
  (error, request, response, next) => {
    if (response.headersSent) return next(error)
    const language = languageOf(request.headers['accept-language'])
    send(response, failure(error, { route: 'none', language, personal: [] }, log))
  }
