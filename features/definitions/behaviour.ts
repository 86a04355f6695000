import { type Behaviour, noBehaviour, type Touched } from '../schema/behaviour.js'
import { type Event } from '../schema/event.js'
import { compareIds, type ProductId } from '../schema/ids.js'
import { type Instant } from '../schema/time.js'

/** What the fold reads of an event: every Event is one, and so is a row of the history. */
export type BehaviourEvent = {
  readonly type: Event['type']
  readonly productId: ProductId | null
  readonly occurredAt: Instant
}

/** How many products a list keeps: the newest. */
export const purchasedCap = 500
export const viewedCap = 200
export const redeemedCap = 100

const cap = { purchased: purchasedCap, viewed: viewedCap, redeemed: redeemedCap } as const
type Kind = keyof typeof cap

/**
 * Into which list an event counts. A redemption takes nothing out of `purchased`: that he once bought it stays true.
 * An exposure is what we did, not the investor; a plan counts by the purchases that it makes;
 * what a cancellation takes back is left out before anything is folded.
 */
export const behaviourKind = (type: Event['type']): Kind | null => {
  switch (type) {
    case 'purchase':
      return 'purchased'
    case 'view':
    case 'content-read':
      return 'viewed'
    case 'redemption':
      return 'redeemed'
    case 'exposure':
    case 'recurring-plan':
    case 'cancellation':
      return null
  }
}

/** Newest first, ties by id. */
const compareTouched = (a: Touched, b: Touched): number => b.lastAt - a.lastAt || compareIds(a.productId, b.productId)

const touch = (touched: Map<ProductId, Touched>, productId: ProductId, at: Instant): void => {
  const before = touched.get(productId)
  const count = (before?.count ?? 0) + 1
  touched.set(productId, { productId, count, lastAt: before === undefined ? at : Math.max(before.lastAt, at) })
}

const byProduct = (list: readonly Touched[]): Map<ProductId, Touched> =>
  new Map(list.map((entry) => [entry.productId, entry]))

/**
 * The events folded into a behaviour. The order of arrival does not matter: counts add up, the latest `occurredAt`
 * wins, and the lists are sorted; only a product that a cap drops between two folds begins again at a count of 1.
 * An event given twice counts twice: it is the history that knows event ids.
 */
export const foldEvents = (events: Iterable<BehaviourEvent>, onto: Behaviour = noBehaviour): Behaviour => {
  const touched = {
    purchased: byProduct(onto.purchased),
    viewed: byProduct(onto.viewed),
    redeemed: byProduct(onto.redeemed ?? []),
  }
  const changed = new Set<Kind>()
  for (const { type, productId, occurredAt } of events) {
    const kind = behaviourKind(type)
    if (kind === null || productId === null) continue
    touch(touched[kind], productId, occurredAt)
    changed.add(kind)
  }
  const list = (kind: Kind): Touched[] =>
    changed.has(kind) ? [...touched[kind].values()].sort(compareTouched).slice(0, cap[kind]) : (onto[kind] ?? [])
  if (changed.size === 0) return onto
  const redeemed = list('redeemed')
  const lists = { purchased: list('purchased'), viewed: list('viewed') }
  return redeemed.length === 0 ? lists : { ...lists, redeemed }
}

/** One event folded into a behaviour: `foldEvents` of a single event. */
export const foldEvent = (behaviour: Behaviour, event: BehaviourEvent): Behaviour => foldEvents([event], behaviour)
