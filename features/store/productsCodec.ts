import { type ProductId } from '../schema/ids.js'
import { type Reader, type Writer } from './bytes.js'
import { type InvestorState } from './state.js'

/**
 * Product ids as bytes: n, then n ids, sorted: twice the step from the number that the one before ends with, where all
 * else is equal; or twice how many characters it shares with it, plus 1, and the rest.
 */

/** The ids that the state names, sorted. */
export function productsOf({ behaviour, trades, daily }: InvestorState): readonly ProductId[] {
  const ids = new Set<ProductId>()
  const lists = [behaviour.purchased, behaviour.viewed, behaviour.redeemed ?? [], trades.products, trades.plans, daily]
  for (const list of lists) for (const { productId } of list) ids.add(productId)
  return [...ids].sort()
}

export function writeProducts(to: Writer, sorted: readonly ProductId[]): void {
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
}

export function readProducts(from: Reader): readonly ProductId[] {
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
