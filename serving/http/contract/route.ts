import { type z } from 'zod'
import { type Scope } from '../keys.js'
import { type ProblemName } from '../problems.js'

/** A reply as documented: a schema for JSON, or another media type; or both, by what the request accepts. */
export type Reply = { readonly says: string; readonly schema?: z.ZodType; readonly mediaType?: string }

export type Route = {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** As in OpenAPI: `/v1/investors/{id}`. */
  readonly path: string
  /** Null: open to all. */
  readonly scope: Scope | null
  readonly summary: string
  readonly pathParameters?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  readonly replies: Readonly<Record<number, Reply>>
  /** Beside those that follow from scope, parameters and body. */
  readonly problems: readonly ProblemName[]
  /** Takes an Idempotency-Key. */
  readonly records?: true
}

/** Why nothing may be served now: of every route that decides. */
export const unavailableNow = [
  'no-release',
  'no-rule-pack',
  'no-catalogue',
  'no-ledger',
  'store-unreachable',
  'overloaded',
  'starting',
] as const
