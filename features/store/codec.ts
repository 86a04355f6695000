import { type Behaviour, type Touched } from '../schema/behaviour.js'
import { noDaily } from '../schema/daily.js'
import { noTrades, type Trades } from '../schema/holdings.js'
import { type InvestorId, type ProductId } from '../schema/ids.js'
import { type InvestorRecord, type InvestorSnapshot } from '../schema/records.js'
import { epoch, epochDay, listed, Reader, type Writer, written } from './bytes.js'
import { decodeBefore6 } from './codec4.js'
import { productsOf, readProducts, writeProducts } from './productsCodec.js'
import { readProfile, writeProfile } from './profileCodec.js'
import { type InvestorState, snapshotOf } from './state.js'
import {
  corrected,
  correctionsOf,
  type Counted,
  countedOf,
  dailyOf,
  dailyTold,
  firstKey,
  type Places,
  sameTraded,
  tradedTold,
} from './told.js'
import { readTrades, writeTrades } from './tradesCodec.js'

/**
 * An investor's state as bytes; the id is that of the key. Version 6:
 *
 *     version                1 byte: 6
 *     what follows           1 byte: 1 a profile, 2 purchased and redeemed, 4 trades, 8 corrected daily counts
 *     products               productsCodec.ts
 *     profile                profileCodec.ts
 *     trades                 tradesCodec.ts
 *     viewed                 n, then n times: 4 × product + (count − 1, at most 3), count − 4 where it is more; instant
 *                            after the one before
 *     purchased, redeemed    the same; left out where they are what the trades tell (told.ts)
 *     daily counts           where trades and views tell others: n, then n times: 4 × (key after the one before)
 *                            + (count, at most 3), count − 3 where it is 3 or more; keys: told.ts
 *
 * Numbers are whole, seven bits a byte, the low ones first; those that may be negative are doubled, plus 1 where they
 * are; instants: bytes.ts. A product is its place among the products. Values of versions 1 to 4 are read, and written
 * as 6 (5 and 7 stand before vectors: vectorValue.ts).
 */
export const codecVersion = 6

/** Of what events are folded into: 2 has trades, 3 redemptions, 4 daily counts. A store folded by an earlier one is to be filled again. */
export const foldVersion = 4

const has = { profile: 1, traded: 2, trades: 4, daily: 8 } as const

export const encodeState = (state: InvestorState): Uint8Array =>
  written((to) => {
    const { profile, behaviour, trades, daily } = state
    const { purchased, viewed, redeemed = [] } = behaviour
    const isTraded = trades.products.length + trades.plans.length > 0
    const isTold = sameTraded(tradedTold(trades), behaviour)
    const sorted = productsOf(state)
    const places: Places = new Map(sorted.map((id, place) => [id, place]))
    const corrections = correctionsOf(dailyTold(trades, viewed, places), countedOf(daily, places))
    to.byte(codecVersion)
    to.byte(
      (profile === null ? 0 : has.profile) +
        (isTold ? 0 : has.traded) +
        (isTraded ? has.trades : 0) +
        (corrections.keys.length === 0 ? 0 : has.daily),
    )
    writeProducts(to, sorted)
    const placeOf = (id: ProductId): number => places.get(id) ?? 0
    if (profile !== null) writeProfile(to, profile)
    if (isTraded) writeTrades(to, trades, placeOf)
    writeTouched(to, viewed, placeOf)
    if (!isTold) for (const list of [purchased, redeemed]) writeTouched(to, list, placeOf)
    if (corrections.keys.length > 0) writeDaily(to, corrections, sorted.length)
  })

/** The state that the bytes hold; throws where a later version of the program wrote them, or they are damaged. */
export function decodeState(bytes: Uint8Array, id: InvestorId): InvestorState {
  if (bytes[0] !== codecVersion) return decodeBefore6(bytes, id)
  const { from, flags, products, ...rest } = readToDaily(bytes, id)
  const places: Places = new Map(products.map((product, place) => [product, place]))
  const told = dailyTold(rest.trades, rest.behaviour.viewed, places)
  const counted = (flags & has.daily) === 0 ? told : corrected(told, readDaily(from, products.length))
  return { ...rest, daily: counted.keys.length === 0 ? noDaily : dailyOf(counted, products) }
}

/** The same without trades and daily counts; null where there is no profile. */
export function decodeSnapshot(bytes: Uint8Array, id: InvestorId): InvestorSnapshot | null {
  if (bytes[0] !== codecVersion) return snapshotOf(decodeBefore6(bytes, id))
  return ((bytes[1] ?? 0) & has.profile) === 0 ? null : snapshotOf(readToDaily(bytes, id))
}

type Read = {
  readonly from: Reader
  readonly flags: number
  readonly products: readonly ProductId[]
  readonly profile: InvestorRecord | null
  readonly behaviour: Behaviour
  readonly trades: Trades
}

function readToDaily(bytes: Uint8Array, id: InvestorId): Read {
  const from = new Reader(bytes, 1)
  const flags = from.byte()
  const products = readProducts(from)
  const profile = (flags & has.profile) === 0 ? null : readProfile(from, id, 6)
  const trades = (flags & has.trades) === 0 ? noTrades : readTrades(from, products)
  const viewed = readTouched(from, products)
  const isTold = (flags & has.traded) === 0
  const { purchased, redeemed } = isTold
    ? tradedTold(trades)
    : { purchased: readTouched(from, products), redeemed: readTouched(from, products) }
  const behaviour = redeemed.length === 0 ? { purchased, viewed } : { purchased, viewed, redeemed }
  return { from, flags, products, profile, behaviour, trades }
}

function writeTouched(to: Writer, list: readonly Touched[], placeOf: (id: ProductId) => number): void {
  to.whole(list.length)
  let before = epoch
  for (const { productId, count, lastAt } of list) {
    to.whole(4 * placeOf(productId) + Math.min(count - 1, 3))
    if (count > 3) to.whole(count - 4)
    to.instant(lastAt, before)
    before = lastAt
  }
}

function readTouched(from: Reader, products: readonly ProductId[]): Touched[] {
  let before = epoch
  return from.times(from.whole(), () => {
    const head = from.whole()
    const count = head % 4 === 3 ? 4 + from.whole() : 1 + (head % 4)
    before = from.instant(before)
    return { productId: listed(products, Math.floor(head / 4)), count, lastAt: before }
  })
}

function writeDaily(to: Writer, { keys, counts }: Counted, places: number): void {
  to.whole(keys.length)
  let before = firstKey(epochDay, places)
  for (const [n, key] of keys.entries()) {
    const count = counts[n] ?? 0
    if (n === 0) to.signed(key - before)
    to.whole((n === 0 ? 0 : 4 * (key - before)) + Math.min(count, 3))
    if (count >= 3) to.whole(count - 3)
    before = key
  }
}

function readDaily(from: Reader, places: number): Counted {
  const [keys, counts]: [number[], number[]] = [[], []]
  let key = firstKey(epochDay, places)
  for (let left = from.whole(); left > 0; left -= 1) {
    if (keys.length === 0) key += from.signed()
    const head = from.whole()
    key += Math.floor(head / 4)
    keys.push(key)
    counts.push(head % 4 === 3 ? 3 + from.whole() : head % 4)
  }
  return { keys, counts }
}
