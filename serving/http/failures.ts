import { randomUUID } from 'node:crypto'
import { type Language } from '../../engine/explanation/texts.js'
import { Unavailable } from '../service.js'
import { type Answer } from './answer.js'
import { problem, type ProblemName } from './problems.js'
import { frameWithoutPaths, messageWithoutPaths } from './withoutPaths.js'

/** What a server tells of itself; no personal data, no keys, no folders of the machine. `route` is the pattern, never the address asked for. */
export type LogEntry = {
  readonly event: 'unexpected-error' | 'unavailable'
  readonly route: string
  /** Of an unexpected error: `instance` of the problem that was answered. */
  readonly instance: string | null
  readonly message: string
  readonly stack: readonly string[]
}
export type Log = (entry: LogEntry) => void

/** What `express.json` rejects, by the `type` of its errors (body-parser's README). */
const bodyProblems: Readonly<Record<string, ProblemName>> = {
  'entity.parse.failed': 'invalid-json',
  'entity.too.large': 'body-too-large',
  'encoding.unsupported': 'unsupported-media-type',
  'charset.unsupported': 'unsupported-media-type',
  'request.size.invalid': 'malformed-request',
  'request.aborted': 'malformed-request',
}

type Thrown = {
  readonly type?: unknown
  readonly status?: unknown
  readonly message?: unknown
  readonly stack?: unknown
  readonly code?: unknown
  readonly syscall?: unknown
  readonly path?: unknown
}

/**
 * Whatever was thrown on the way as a problem. What nobody expected is a 500 that tells nothing, and is logged under
 * its `instance`; `personal` are the ids of the request, which are cut out of the message.
 */
export function failure(
  error: unknown,
  where: { readonly route: string; readonly language: Language; readonly personal: readonly string[] },
  log: Log,
): Answer {
  const { route, language, personal } = where
  const thrown: Thrown = typeof error === 'object' && error !== null ? error : { message: String(error) }
  const entry = { route, message: without(personal, messageWithoutPaths(thrown)), stack: framesOf(thrown.stack) }
  if (error instanceof Unavailable) {
    log({ event: 'unavailable', instance: null, ...entry })
    return problem(error.reason, language)
  }
  const known = typeof thrown.type === 'string' ? bodyProblems[thrown.type] : undefined
  if (known !== undefined) return problem(known, language)
  if (error instanceof URIError) return problem('malformed-request', language)
  const instance = `urn:uuid:${randomUUID()}`
  log({ event: 'unexpected-error', instance, ...entry })
  return problem('internal-error', language, { instance })
}

const without = (personal: readonly string[], message: string): string =>
  personal.filter((id) => id !== '').reduce((text, id) => text.replaceAll(id, '[id]'), message)

/** The frames alone: the first lines of a stack repeat the message. */
const framesOf = (stack: unknown): readonly string[] =>
  typeof stack === 'string'
    ? stack
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line.startsWith('at '))
        .map(frameWithoutPaths)
    : []
