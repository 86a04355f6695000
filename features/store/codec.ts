import { type Behaviour, type Touched } from '../schema/behaviour.js'
import { activityKinds, type DailyCount, type DailyCounts, noDaily } from '../schema/daily.js'
import { noTrades } from '../schema/holdings.js'
import { type InvestorId, type ProductId } from '../schema/ids.js'
import { type InvestorRecord, type InvestorSnapshot } from '../schema/records.js'
import { listed, Reader, type Writer, written } from './bytes.js'
import { decodeBefore4 } from './codecBefore4.js'
import { readProfile, writeProfile } from './profileCodec.js'
import { type InvestorState, snapshotOf } from './state.js'
import { readTrades, writeTrades } from './tradesCodec.js'

/**
 * An investor's state as bytes; the id is that of the key. Version 4:
 *
 *     version                1 byte: 4
 *     what follows           1 byte: 1 a profile, 2 redemptions, 4 trades, 8 daily counts
 *     products               n, then n ids, sorted: twice the step from the number that the one before ends with, where
 *                            all else is equal; or twice how many characters it shares with it, plus 1, and the rest
 *     profile                profileCodec.ts
 *     purchased, viewed      n, then n times: product, count, instant less the one before
 *     redeemed               the same
 *     trades                 tradesCodec.ts
 *     daily counts           n, then n times: days before the one before, 4 × (count − 1) + kind, product
 *
 * Numbers are whole, seven bits a byte, the low ones first; those that may be negative are doubled, plus 1 where they
 * are. A product is its place among the products. Values of versions 1 to 3 (CBOR) are read, and written as 4.
 */
export const codecVersion = 4

/** Of what events are folded into: 2 has trades, 3 redemptions, 4 daily counts. A store folded by an earlier one is to be filled again. */
export const foldVersion = 4

const has = { profile: 1, redeemed: 2, trades: 4, daily: 8 } as const

export const encodeState = (state: InvestorState): Uint8Array =>
  written((to) => {
    const { profile, behaviour, trades, daily } = state
    const { purchased, viewed, redeemed = [] } = behaviour
    const traded = trades.products.length + trades.plans.length > 0
    to.byte(codecVersion)
    to.byte(
      (profile === null ? 0 : has.profile) +
        (redeemed.length === 0 ? 0 : has.redeemed) +
        (traded ? has.trades : 0) +
        (daily.length === 0 ? 0 : has.daily),
    )
    const places = writeProducts(to, state)
    const placeOf = (id: ProductId): number => places.get(id) ?? 0
    if (profile !== null) writeProfile(to, profile)
    writeTouched(to, purchased, placeOf)
    writeTouched(to, viewed, placeOf)
    if (redeemed.length > 0) writeTouched(to, redeemed, placeOf)
    if (traded) writeTrades(to, trades, placeOf)
    if (daily.length > 0) writeDaily(to, daily, placeOf)
  })

/** The state that the bytes hold; throws where a later version of the program wrote them, or they are damaged. */
export function decodeState(bytes: Uint8Array, id: InvestorId): InvestorState {
  if (bytes[0] !== codecVersion) return decodeBefore4(bytes)
  const { from, flags, products, ...snapshot } = readSnapshot(bytes, id)
  return {
    ...snapshot,
    trades: (flags & has.trades) === 0 ? noTrades : readTrades(from, products),
    daily: (flags & has.daily) === 0 ? noDaily : readDaily(from, products),
  }
}

/** The same without trades and daily counts, which are not read; null where there is no profile. */
export function decodeSnapshot(bytes: Uint8Array, id: InvestorId): InvestorSnapshot | null {
  if (bytes[0] !== codecVersion) return snapshotOf(decodeBefore4(bytes))
  if (((bytes[1] ?? 0) & has.profile) === 0) return null
  return snapshotOf(readSnapshot(bytes, id))
}

type Read = {
  readonly from: Reader
  readonly flags: number
  readonly products: readonly ProductId[]
  readonly profile: InvestorRecord | null
  readonly behaviour: Behaviour
}

function readSnapshot(bytes: Uint8Array, id: InvestorId): Read {
  const from = new Reader(bytes, 1)
  const flags = from.byte()
  const products = readProducts(from)
  const profile = (flags & has.profile) === 0 ? null : readProfile(from, id)
  const lists = { purchased: readTouched(from, products), viewed: readTouched(from, products) }
  const behaviour = (flags & has.redeemed) === 0 ? lists : { ...lists, redeemed: readTouched(from, products) }
  return { from, flags, products, profile, behaviour }
}

/** The ids that the state names, sorted; the place of each. */
function writeProducts(to: Writer, { behaviour, trades, daily }: InvestorState): ReadonlyMap<ProductId, number> {
  const ids = new Set<ProductId>()
  const lists = [behaviour.purchased, behaviour.viewed, behaviour.redeemed ?? [], trades.products, trades.plans, daily]
  for (const list of lists) for (const { productId } of list) ids.add(productId)
  const sorted = [...ids].sort()
  to.whole(sorted.length)
  let before = ''
  for (const id of sorted) {
    const step = stepTo(before, id)
    if (step > 0) to.whole(2 * step)
    else {
      let shared = 0
      while (shared < before.length && before[shared] === id[shared]) shared += 1
      to.whole(2 * shared + 1)
      to.text(id.slice(shared))
    }
    before = id
  }
  return new Map(sorted.map((id, place) => [id, place]))
}

function readProducts(from: Reader): readonly ProductId[] {
  const products: ProductId[] = []
  let before = ''
  for (let left = from.whole(); left > 0; left -= 1) {
    const head = from.whole()
    before = head % 2 === 0 ? stepped(before, head / 2) : before.slice(0, (head - 1) / 2) + from.text()
    products.push(before as ProductId)
  }
  return products
}

/** Digits that an id may end with and be counted by: what they say is a safe integer. */
const mostDigits = 9

function digitsOf(id: string): number {
  let digits = 0
  while (digits < mostDigits && digits < id.length && isDigit(id.charCodeAt(id.length - 1 - digits))) digits += 1
  return digits
}
const isDigit = (code: number): boolean => code >= 48 && code <= 57

/** How much larger the number is that `id` ends with; 0 where it differs from `before` in anything else. */
function stepTo(before: string, id: string): number {
  const digits = digitsOf(before)
  if (digits === 0 || id.length !== before.length || digitsOf(id) !== digits) return 0
  const start = id.length - digits
  return id.startsWith(before.slice(0, start)) ? Number(id.slice(start)) - Number(before.slice(start)) : 0
}

function stepped(before: string, step: number): string {
  const start = before.length - digitsOf(before)
  return before.slice(0, start) + String(Number(before.slice(start)) + step).padStart(before.length - start, '0')
}

function writeTouched(to: Writer, list: readonly Touched[], placeOf: (id: ProductId) => number): void {
  to.whole(list.length)
  let before = 0
  for (const { productId, count, lastAt } of list) {
    to.whole(placeOf(productId))
    to.whole(count)
    to.step(lastAt, before)
    before = lastAt
  }
}

function readTouched(from: Reader, products: readonly ProductId[]): Touched[] {
  const list: Touched[] = []
  let lastAt = 0
  for (let left = from.whole(); left > 0; left -= 1) {
    const productId = from.oneOf(products)
    const count = from.whole()
    lastAt = from.step(lastAt)
    list.push({ productId, count, lastAt })
  }
  return list
}

function writeDaily(to: Writer, daily: DailyCounts, placeOf: (id: ProductId) => number): void {
  to.whole(daily.length)
  let before = 0
  for (const { day, kind, productId, count } of daily) {
    to.signed(before - day)
    to.whole(4 * (count - 1) + activityKinds.indexOf(kind))
    to.whole(placeOf(productId))
    before = day
  }
}

function readDaily(from: Reader, products: readonly ProductId[]): DailyCounts {
  const daily: DailyCount[] = []
  let day = 0
  for (let left = from.whole(); left > 0; left -= 1) {
    day -= from.signed()
    const counted = from.whole()
    const kind = listed(activityKinds, counted % 4)
    daily.push({ day, kind, productId: from.oneOf(products), count: 1 + (counted - (counted % 4)) / 4 })
  }
  return daily
}
