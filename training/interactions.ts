import { compareIds } from '../features/schema/ids.js'

/**
 * Who took what, in compressed rows: user u's items are items[offsets[u] .. offsets[u + 1]), ascending, no repeats.
 * Items are ordinals of `itemIds`; `weights` runs along `items` (null: all 1), and so do `ages`, the days that a pair
 * was old at the time of the fit, where dates are known.
 */
export type Interactions = {
  readonly itemIds: readonly string[]
  readonly offsets: Int32Array
  readonly items: Int32Array
  readonly weights: Float32Array | null
  readonly ages?: Float32Array
  /** Where they are known: the days since each purchase of each user, repeats too, in rows as the items are. */
  readonly purchases?: { readonly offsets: Int32Array; readonly ages: Float32Array }
}

export const userCount = ({ offsets }: Interactions): number => offsets.length - 1

export const itemsOf = ({ offsets, items }: Interactions, user: number): Int32Array =>
  items.subarray(offsets[user], offsets[user + 1])

/** Rows of item ordinals, a user each, in any order and with repeats: repeats count once, at their greatest weight. */
export type Row = ReadonlyMap<number, number>

/** Throws a RangeError for an ordinal outside `itemIds` or a weight that is not above 0. */
export function interactionsOf(itemIds: readonly string[], rows: readonly Row[]): Interactions {
  const offsets = new Int32Array(rows.length + 1)
  rows.forEach((row, user) => (offsets[user + 1] = (offsets[user] ?? 0) + row.size))
  const total = offsets[rows.length] ?? 0
  const items = new Int32Array(total)
  const weights = new Float32Array(total)
  let at = 0
  for (const row of rows)
    for (const [item, weight] of [...row].sort(([a], [b]) => a - b)) {
      if (!(item >= 0 && item < itemIds.length)) throw new RangeError(`item ${item} of ${itemIds.length}`)
      if (!(weight > 0)) throw new RangeError(`weight ${weight} of item ${item}: want above 0`)
      items[at] = item
      weights[at++] = weight
    }
  return { itemIds, offsets, items, weights: weights.every((weight) => weight === 1) ? null : weights }
}

/** Users and items of (user, item) pairs, both in code-unit order of their ids. `extraItems` are known without a pair. */
export function interactionsOfPairs(
  pairs: Iterable<readonly [string, string]>,
  extraItems: Iterable<string> = [],
): { readonly interactions: Interactions; readonly userIds: readonly string[]; readonly itemOf: Map<string, number> } {
  const taken = new Map<string, Set<string>>()
  const known = new Set<string>(extraItems)
  for (const [user, item] of pairs) {
    known.add(item)
    const row = taken.get(user)
    if (row === undefined) taken.set(user, new Set([item]))
    else row.add(item)
  }
  const itemIds = [...known].sort(compareIds)
  const itemOf = new Map(itemIds.map((id, item) => [id, item]))
  const userIds = [...taken.keys()].sort(compareIds)
  const rows = userIds.map((user) => {
    const row = new Map<number, number>()
    for (const id of taken.get(user) ?? []) row.set(itemOf.get(id) ?? -1, 1)
    return row
  })
  return { interactions: interactionsOf(itemIds, rows), userIds, itemOf }
}

/** The same of pairs that were so many days old, in their order; null: their ages are not known. */
export function datedInteractionsOf(
  pairs: readonly (readonly [string, string])[],
  ages: readonly number[] | null,
  extraItems: Iterable<string> = [],
): ReturnType<typeof interactionsOfPairs> {
  const built = interactionsOfPairs(pairs, extraItems)
  if (ages === null) return built
  const { interactions, userIds, itemOf } = built
  const userOf = new Map(userIds.map((id, user) => [id, user]))
  const along = new Float32Array(interactions.items.length)
  pairs.forEach(([userId, itemId], at) => {
    const user = userOf.get(userId) ?? -1
    const place = itemsOf(interactions, user).indexOf(itemOf.get(itemId) ?? -1)
    along[(interactions.offsets[user] ?? 0) + place] = ages[at] ?? Number.NaN
  })
  return { ...built, interactions: { ...interactions, ages: along } }
}

/** The same pairs seen from the items: row i holds the users that took item i, ascending. Row offsets [n + 1]. */
export function transposed({ itemIds, offsets, items, weights }: Interactions): {
  readonly offsets: Int32Array
  readonly items: Int32Array
  readonly weights: Float32Array | null
} {
  const starts = new Int32Array(itemIds.length + 1)
  for (const item of items) starts[item + 1] = (starts[item + 1] ?? 0) + 1
  for (let item = 0; item < itemIds.length; item++) starts[item + 1] = (starts[item + 1] ?? 0) + (starts[item] ?? 0)
  const next = starts.slice()
  const users = new Int32Array(items.length)
  const turned = weights === null ? null : new Float32Array(items.length)
  for (let user = 0; user + 1 < offsets.length; user++)
    for (let at = offsets[user] ?? 0; at < (offsets[user + 1] ?? 0); at++) {
      const item = items[at] ?? 0
      const to = next[item] ?? 0
      next[item] = to + 1
      users[to] = user
      if (turned !== null && weights !== null) turned[to] = weights[at] ?? 0
    }
  return { offsets: starts, items: users, weights: turned }
}
