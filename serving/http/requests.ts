import { type Request } from 'express'
import { type z } from 'zod'
import { type Language } from '../../engine/explanation/texts.js'
import { type InvestorId } from '../../features/schema/ids.js'
import { type Answer } from './answer.js'
import { type Route } from './contract/contract.js'
import { faultsOf } from './faults.js'
import { invalid } from './invalid.js'
import { problem } from './problems.js'
import { type AnyAsked } from './route.js'
import { type Fault } from './schemas.js'

export type Checked =
  | { readonly ok: true; readonly path: unknown; readonly query: unknown; readonly body: unknown }
  | { readonly ok: false; readonly answer: Answer }

/** A request against its route's schemas: what they made of it, or 415, or 422 with every fault. */
export function check(route: Route, request: Request, language: Language): Checked {
  if (route.body !== undefined && request.body === undefined)
    return { ok: false, answer: problem(isJson(request) ? 'invalid-json' : 'unsupported-media-type', language) }
  const faults: z.infer<typeof Fault>[] = []
  const part = (schema: z.ZodType | undefined, value: unknown, place: 'path' | 'query' | 'body'): unknown => {
    if (schema === undefined) return undefined
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    faults.push(...faultsOf(parsed.error, place))
    return undefined
  }
  const path = part(route.pathParameters, request.params, 'path')
  const query = part(route.query, request.query, 'query')
  const body = part(route.body, request.body, 'body')
  return faults.length > 0 ? { ok: false, answer: invalid(faults, language) } : { ok: true, path, query, body }
}

const isJson = (request: Request): boolean => /^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')

/** 1 to 255 visible ASCII characters; null where the header is absent, a fault where it is something else. */
export function idempotencyKey(request: Request): string | null | z.infer<typeof Fault> {
  const key = request.headers['idempotency-key']
  if (key === undefined) return null
  return typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)
    ? key
    : { in: 'header', pointer: '/idempotency-key', message: 'want 1 to 255 visible ASCII characters' }
}

/** Whom a checked request of a route that records is about: an investor of body or address, those of its events, or nobody. */
export function subjectsOf({ path, body }: Pick<AnyAsked, 'path' | 'body'>): readonly InvestorId[] {
  const named = body as { investorId: InvestorId } | { events: readonly { investorId: InvestorId }[] } | object
  if ('events' in named) return [...new Set(named.events.map(({ investorId }) => investorId))]
  if ('investorId' in named) return [named.investorId]
  const { id } = (path ?? {}) as { readonly id?: InvestorId }
  return id === undefined ? [] : [id]
}

/** What an error's message must not say: the ids in the address and in the body, and in its events. */
export function idsOf(request: Request): readonly string[] {
  const body = fieldsOf(request.body)
  const events: unknown = body.get('events')
  const parts = [body, ...(Array.isArray(events) ? events.map(fieldsOf) : [])]
  const ids = parts.flatMap((part) => ['id', 'investorId', 'eventId'].map((name) => part.get(name)))
  return [...Object.values(request.params), ...ids].filter((id) => typeof id === 'string')
}

const fieldsOf = (value: unknown): ReadonlyMap<string, unknown> =>
  new Map(typeof value === 'object' && value !== null ? Object.entries(value) : [])
