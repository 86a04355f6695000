import { type z } from 'zod'
import { type Reader } from '../../audit/personActs.js'
import { type FirmId } from '../../features/schema/ids.js'
import { type Language } from '../../engine/explanation/texts.js'
import { type Answer } from './answer.js'
import { type Contract, type Route, type RouteName } from './contract/contract.js'

type Parsed<R, Part extends string> =
  R extends Readonly<Record<Part, infer S extends z.ZodType>> ? z.output<S> : undefined

/** A request as its handler sees it: who asks, in which language, and what the route's schemas made of it. */
export type Asked<R> = {
  readonly firmId: FirmId
  /** The key that asks, as the ledger names it. */
  readonly reader: Reader
  readonly language: Language
  /** Whether JSON is accepted rather than plain text, of the routes that have both. */
  readonly wantsJson: boolean
  readonly path: Parsed<R, 'pathParameters'>
  readonly query: Parsed<R, 'query'>
  readonly body: Parsed<R, 'body'>
}

/** Expected refusals are answers; a handler throws `Unavailable`, or by a bug. */
export type Handler<R> = (asked: Asked<R>) => Answer | Promise<Answer>

/** A handler for each route of some of the contract. */
export type Handlers<Names extends RouteName> = { readonly [Name in Names]: Handler<Contract[Name]> }

/** A checked request of any route: what its schemas made of it is known to its own handler alone. */
export type AnyAsked = Pick<Asked<unknown>, 'firmId' | 'reader' | 'language' | 'wantsJson'> & {
  readonly path: unknown
  readonly query: unknown
  readonly body: unknown
}
export type AnyHandler = (asked: AnyAsked) => Answer | Promise<Answer>

/** `/v1/investors/{id}` → `/v1/investors/:id`. */
export const expressPath = ({ path }: Route): string => path.replace(/\{([^}]+)\}/g, ':$1')
