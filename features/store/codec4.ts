import { type Touched } from '../schema/behaviour.js'
import { activityKinds, type DailyCount, type DailyCounts, noDaily } from '../schema/daily.js'
import { noTrades } from '../schema/holdings.js'
import { type InvestorId, type ProductId } from '../schema/ids.js'
import { listed, Reader } from './bytes.js'
import { decodeBefore4 } from './codecBefore4.js'
import { readProducts } from './productsCodec.js'
import { readProfile } from './profileCodec.js'
import { type InvestorState } from './state.js'
import { readTrades4 } from './tradesCodec4.js'

const has = { profile: 1, redeemed: 2, trades: 4, daily: 8 } as const

/**
 * The state in bytes of version 4 or earlier. Version 4:
 *
 *     version                1 byte: 4
 *     what follows           1 byte: 1 a profile, 2 redemptions, 4 trades, 8 daily counts
 *     products               productsCodec.ts
 *     profile                profileCodec.ts
 *     purchased, viewed      n, then n times: product, count, instant less the one before
 *     redeemed               the same
 *     trades                 tradesCodec4.ts
 *     daily counts           n, then n times: days before the one before, 4 × (count − 1) + kind, product
 */
export function decodeBefore6(bytes: Uint8Array, id: InvestorId): InvestorState {
  if (bytes[0] !== 4) return decodeBefore4(bytes)
  const from = new Reader(bytes, 1)
  const flags = from.byte()
  const products = readProducts(from)
  const profile = (flags & has.profile) === 0 ? null : readProfile(from, id, 4)
  const lists = { purchased: readTouched(from, products), viewed: readTouched(from, products) }
  return {
    profile,
    behaviour: (flags & has.redeemed) === 0 ? lists : { ...lists, redeemed: readTouched(from, products) },
    trades: (flags & has.trades) === 0 ? noTrades : readTrades4(from, products),
    daily: (flags & has.daily) === 0 ? noDaily : readDaily(from, products),
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
