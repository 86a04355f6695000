import { type Interactions, itemsOf, userCount } from '../training/interactions.js'
import { scorerOf } from '../training/protocols/scorer.js'
import { randomFor } from '../training/random.js'
import { type Artifact } from '../engine/model/artifact.js'

export type Split = {
  readonly train: Interactions
  /** [users] the item taken out of each row, −1 where the row had fewer than three. */
  readonly held: Int32Array
}

/** One item a row, drawn, is held out. */
export function heldOut(pairs: Interactions, seed: number): Split {
  const { uniform } = randomFor(seed, 'held-out')
  const held = new Int32Array(userCount(pairs)).fill(-1)
  const offsets = new Int32Array(held.length + 1)
  const items = new Int32Array(pairs.items.length)
  let at = 0
  for (let user = 0; user < held.length; user++) {
    const row = itemsOf(pairs, user)
    if (row.length > 2) held[user] = row[Math.floor(uniform() * row.length)] ?? -1
    for (const item of row) if (item !== held[user]) items[at++] = item
    offsets[user + 1] = at
  }
  return { train: { itemIds: pairs.itemIds, offsets, items: items.slice(0, at), weights: null }, held }
}

/** Share of the first `most` rows with an item held out whose best 20 hold it. */
export function recallAt20(artifact: Artifact, { train, held }: Split, most = 5000): number {
  const scorer = scorerOf(artifact, train)
  const users = Array.from(held, (item, row) => ({ row, item }))
    .filter(({ item }) => item >= 0)
    .slice(0, most)
  let hits = 0
  for (const { user, items } of scorer.tops(users, 20)) if (items.includes(user.item)) hits++
  return hits / users.length
}
