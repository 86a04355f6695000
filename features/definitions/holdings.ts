import {
  type Holdings,
  noTrades,
  type PlanWord,
  type Position,
  type ProductTrades,
  type Size,
  type Trade,
  type Trades,
} from '../schema/holdings.js'
import { compareIds, type ProductId } from '../schema/ids.js'
import { type Money } from '../schema/money.js'
import { type Instant } from '../schema/time.js'
import { type BehaviourEvent } from './behaviour.js'
import { fewerLots, redeem, withLot } from './lots.js'

/** What the fold reads of an event: every Event is one, and so is a row of the history. */
export type TradeEvent = BehaviourEvent & {
  readonly amount?: Money | null
  readonly unitsMicros?: number | null
  readonly action?: 'started' | 'stopped'
}

/** Products that are kept, and plans: those held, or under way, and of these the last traded, before others. */
export const tradedCap = 200
/** Trades kept of a product; those before them are settled into lots, and into at most so many. */
export const unsettledCap = 64
export const settledCap = 64

const compareMoney = (a: Money | null, b: Money | null): number =>
  (a?.minor ?? -1) - (b?.minor ?? -1) || compareIds(a?.currency ?? '', b?.currency ?? '')

/** By time, a purchase before a redemption of the same instant; two that compare equal are alike. */
const compareTrades = (a: Trade, b: Trade): number =>
  a.occurredAt - b.occurredAt ||
  compareIds(a.type, b.type) ||
  compareMoney(a.amount, b.amount) ||
  (a.unitsMicros ?? -1) - (b.unitsMicros ?? -1)

/** The later word counts; of the same instant, that the plan was stopped. */
const compareWords = (a: PlanWord, b: PlanWord): number =>
  a.at - b.at || compareIds(a.action, b.action) || compareMoney(a.amount, b.amount)

/** An amount of nothing or less says nothing. A trade that states only such a one is none. */
function tradeOf({ type, occurredAt, amount: stated = null, unitsMicros = null }: TradeEvent): Trade | null {
  if (type !== 'purchase' && type !== 'redemption') return null
  const amount = stated !== null && stated.minor > 0 ? stated : null
  return stated !== null && amount === null && unitsMicros === null ? null : { type, occurredAt, amount, unitsMicros }
}

type Held = ProductTrades['settled']
const nothing: Held = { lots: [], unmatchedRedemptions: 0 }

const after = ({ lots, unmatchedRedemptions }: Held, { type, occurredAt, amount, unitsMicros }: Trade): Held => {
  const size: Size = { amount, unitsMicros }
  if (type === 'purchase') return { lots: [...withLot(lots, { boughtAt: occurredAt, ...size })], unmatchedRedemptions }
  const { lots: left, isWhole } = redeem(lots, size)
  return { lots: [...left], unmatchedRedemptions: unmatchedRedemptions + (isWhole ? 0 : 1) }
}

const positionOf = ({ productId, settled, trades }: ProductTrades): Position => ({
  productId,
  ...trades.reduce(after, settled),
})

const settleOne = (held: Held, trade: Trade): Held => {
  const { lots, unmatchedRedemptions } = after(held, trade)
  return { lots: [...fewerLots(lots, settledCap)], unmatchedRedemptions }
}

function withTrades(before: ProductTrades, fresh: readonly Trade[]): ProductTrades {
  const trades = [...before.trades, ...fresh].sort(compareTrades)
  const excess = trades.length - unsettledCap
  if (excess <= 0) return { ...before, trades }
  return { ...before, settled: trades.slice(0, excess).reduce(settleOne, before.settled), trades: trades.slice(excess) }
}

type OfProduct = { readonly productId: ProductId }
/** Whether there is still something of it, and when last it was heard of. */
type Rank = { readonly isOpen: boolean; readonly at: Instant }

const byId = (a: OfProduct, b: OfProduct): number => compareIds(a.productId, b.productId)

/** By id, and of more than the cap holds the first by rank: the open before others, and of these the latest. */
function kept<T extends OfProduct>(all: readonly T[], rankOf: (one: T) => Rank): readonly T[] {
  if (all.length <= tradedCap) return [...all].sort(byId)
  return all
    .map((one) => ({ one, ...rankOf(one) }))
    .sort((a, b) => Number(b.isOpen) - Number(a.isOpen) || b.at - a.at || byId(a.one, b.one))
    .slice(0, tradedCap)
    .map(({ one }) => one)
    .sort(byId)
}

function withProducts(
  before: readonly ProductTrades[],
  fresh: ReadonlyMap<ProductId, Trade[]>,
): readonly ProductTrades[] {
  if (fresh.size === 0) return before
  const products = new Map(before.map((product) => [product.productId, product]))
  for (const [productId, trades] of fresh)
    products.set(productId, withTrades(products.get(productId) ?? { productId, settled: nothing, trades: [] }, trades))
  return kept([...products.values()], (product) => ({
    isOpen: positionOf(product).lots.length > 0,
    at: product.trades.at(-1)?.occurredAt ?? -Infinity,
  }))
}

function withWords(before: readonly PlanWord[], fresh: readonly PlanWord[]): readonly PlanWord[] {
  if (fresh.length === 0) return before
  const words = new Map(before.map((word) => [word.productId, word]))
  for (const word of fresh) {
    const known = words.get(word.productId)
    if (known === undefined || compareWords(word, known) > 0) words.set(word.productId, word)
  }
  return kept([...words.values()], ({ action, at }) => ({ isOpen: action === 'started', at }))
}

/**
 * The events folded into an investor's trades and plans. The order of arrival does not matter, within the caps: of a
 * product only an event that comes after `unsettledCap` younger ones is counted as if it came before the oldest of
 * these, and a product that a cap drops begins again. An event given twice counts twice: the history knows event ids.
 */
export function foldTrades(events: Iterable<TradeEvent>, onto: Trades = noTrades): Trades {
  const fresh = new Map<ProductId, Trade[]>()
  const words: PlanWord[] = []
  for (const event of events) {
    const { type, productId, occurredAt: at, action, amount = null } = event
    if (productId === null) continue
    if (type === 'recurring-plan' && action !== undefined) words.push({ productId, at, action, amount })
    const trade = tradeOf(event)
    if (trade === null) continue
    const trades = fresh.get(productId)
    if (trades === undefined) fresh.set(productId, [trade])
    else trades.push(trade)
  }
  if (fresh.size === 0 && words.length === 0) return onto
  return { products: withProducts(onto.products, fresh), plans: withWords(onto.plans, words) }
}

/** What the trades come to: lots by first in, first out, and the plans under way, both by product id. */
export const holdingsOf = ({ products, plans }: Trades): Holdings => ({
  positions: products
    .map(positionOf)
    .filter(({ lots, unmatchedRedemptions }) => lots.length > 0 || unmatchedRedemptions > 0),
  plans: plans.flatMap(({ productId, at, action, amount }) =>
    action === 'started' ? [{ productId, since: at, amount }] : [],
  ),
})
