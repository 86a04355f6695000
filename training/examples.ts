import { foldEvents, type BehaviourEvent } from '../features/definitions/behaviour.js'
import { type Interactions as Recorded, interactionTypes, type TakenBack } from '../features/history/port.js'
import { noBehaviour } from '../features/schema/behaviour.js'
import { type InvestorId, type ProductId } from '../features/schema/ids.js'
import { Investor } from '../features/schema/investor.js'
import { type InvestorRecord, type InvestorSnapshot } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'

/** What examples are made of: `History.interactions` and `History.profilesKnown`, as of one instant. */
export type Facts = {
  readonly recorded: Recorded
  /** Each investor's revisions, in the order in which they became known. */
  readonly profiles: ReadonlyMap<InvestorId, readonly InvestorRecord[]>
}

/** A purchase, and the investor as he was known strictly before it. */
export type Example = {
  readonly productId: ProductId
  /** When he bought. */
  readonly at: Instant
  /** From when the example could be built: not before the purchase was known. */
  readonly knownAt: Instant
  readonly investor: InvestorSnapshot
}

/**
 * One example a purchase of a product that he was not known to have purchased before, by investor and instant; those
 * before `from` are left out. A purchase of a time when no profile of his was known has a profile of which nothing is
 * known. An example reads only what was known strictly before it, so no later fact changes it.
 */
export function* examplesOf({ recorded, profiles }: Facts, from: Instant = -Infinity): Generator<Example> {
  const { investor, at } = recorded.rows
  for (let begin = 0, end = 0; begin < at.length; begin = end) {
    while (end < at.length && investor[end] === investor[begin]) end++
    const id = recorded.investorIds[investor[begin] ?? -1]
    if (id === undefined) throw new RangeError(`interactions: row ${begin} is of an investor without an id`)
    yield* examplesOfOne(recorded, begin, end, id, profiles.get(id) ?? [], from)
  }
}

function* examplesOfOne(
  recorded: Recorded,
  begin: number,
  end: number,
  id: InvestorId,
  revisions: readonly InvestorRecord[],
  from: Instant,
): Generator<Example> {
  const events = knownOrder(recorded, begin, end)
  const takenBack = recorded.takenBack?.get(id) ?? []
  let told = noBehaviour
  let folded = 0
  let profile: InvestorRecord = { knownAt: -8_640_000_000_000_000, value: unknownProfile(id) }
  let revision = 0
  for (let row = begin; row < end; row++) {
    const at = recorded.rows.at[row] ?? Number.NaN
    if (!isPurchase(recorded, row) || at < from) continue
    const fresh: BehaviourEvent[] = []
    for (let next = events[folded]; next !== undefined && next.knownAt < at; next = events[++folded]) fresh.push(next)
    told = foldEvents(fresh, told)
    const behaviour = foldEvents(countedThen(takenBack, at), told)
    for (let next = revisions[revision]; next !== undefined && next.knownAt < at; next = revisions[++revision])
      profile = next
    const productId = productOf(recorded, row)
    if (behaviour.purchased.some((past) => past.productId === productId)) continue
    const knownAt = recorded.rows.knownAt[row] ?? Number.NaN
    yield { productId, at, knownAt, investor: { profile: profile.value, knownAt: profile.knownAt, behaviour } }
  }
}

/** What was known at an instant, and not yet that it was told in error. */
const countedThen = (takenBack: readonly TakenBack[], at: Instant): readonly TakenBack[] =>
  takenBack.filter(({ knownAt, cancelledAt }) => knownAt < at && !(cancelledAt < at))

type KnownEvent = BehaviourEvent & { readonly knownAt: Instant }

/** The rows as events, in the order in which they became known; the order within an instant does not matter. */
const knownOrder = (recorded: Recorded, begin: number, end: number): KnownEvent[] =>
  Array.from({ length: end - begin }, (_, place) => ({
    type: isPurchase(recorded, begin + place) ? ('purchase' as const) : ('view' as const),
    productId: productOf(recorded, begin + place),
    occurredAt: recorded.rows.at[begin + place] ?? Number.NaN,
    knownAt: recorded.rows.knownAt[begin + place] ?? Number.NaN,
  })).sort((a, b) => a.knownAt - b.knownAt)

const isPurchase = ({ rows }: Recorded, row: number): boolean => interactionTypes[rows.type[row] ?? -1] === 'purchase'

function productOf({ productIds, rows }: Recorded, row: number): ProductId {
  const id = productIds[rows.product[row] ?? -1]
  if (id === undefined) throw new RangeError(`interactions: row ${row} is of a product without an id`)
  return id
}

/** A profile of which nothing is known. */
export const unknownProfile = (id: InvestorId): Investor =>
  Investor.parse({ id, riskAssessment: null, consents: { profiling: true, personalisation: true } })

/** The instant from which at most `most` purchases lie: the newest are kept, and all of the oldest instant left out. */
export function newestPurchases(recorded: Recorded, most: number): Instant {
  const instants = recorded.rows.at.filter((_, row) => isPurchase(recorded, row)).sort()
  const last = instants[instants.length - most - 1]
  return last === undefined ? -Infinity : last + 1
}

/** Gathers the revisions of `History.profilesKnown` by investor. */
export async function profilesById(
  batches: AsyncIterable<readonly InvestorRecord[]>,
): Promise<Map<InvestorId, InvestorRecord[]>> {
  const profiles = new Map<InvestorId, InvestorRecord[]>()
  for await (const batch of batches)
    for (const record of batch) {
      const revisions = profiles.get(record.value.id)
      if (revisions === undefined) profiles.set(record.value.id, [record])
      else revisions.push(record)
    }
  return profiles
}
