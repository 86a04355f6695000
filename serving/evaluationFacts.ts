import { type Pack } from '../engine/suitability/pack.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type InvestorId, type ProductId } from '../features/schema/ids.js'
import { returnBetween } from '../features/definitions/navReturn.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { type Outcomes } from '../training/evaluation/evaluate.js'
import { type Held, heldTimes } from '../training/evaluation/lifetimes.js'
import { type Home } from './home.js'
import { decidedOn } from './knownInvestor.js'

/** Investors beyond whom holding times are read of a part only: their mean does not move any more. */
const mostRead = 20_000

/** The investors asked for, as they were known at the cut, ready for decisions under a pack. */
export async function snapshotsAt(
  { history }: Pick<Home, 'history'>,
  pack: Pack,
  cut: Instant,
  ids: ReadonlySet<InvestorId>,
  catalogue: Catalogue,
): Promise<ReadonlyMap<InvestorId, InvestorSnapshot>> {
  const found = new Map<InvestorId, InvestorSnapshot>()
  for await (const batch of history.snapshotsAsOf(cut))
    for (const account of batch)
      if (ids.has(account.profile.id)) found.set(account.profile.id, decidedOn(account, pack, catalogue, cut))
  return found
}

const dayMs = 86_400_000
const returnDays = 30

/** What came of purchases as known at `asOf`: how long they were held, and what products returned after the cut. */
export async function outcomesOf(
  { history }: Pick<Home, 'history'>,
  cut: Instant,
  asOf: Instant,
  ids: ReadonlySet<InvestorId>,
): Promise<Outcomes> {
  const every = Math.ceil((await history.counts()).investors / mostRead)
  const held = new Map<InvestorId, readonly Held[]>()
  let read = 0
  for await (const batch of history.snapshotsAsOf(asOf))
    for (const { profile, trades } of batch)
      if (read++ % every === 0 || ids.has(profile.id)) held.set(profile.id, heldTimes(trades, asOf))
  return { held, returns: await returnsAfter({ history }, cut, asOf) }
}

/**
 * By product, its return from the NAV of the day before the cut over 30 days; those without NAVs are left out, and all of
 * them where the 30 days are not over.
 */
async function returnsAfter(
  { history }: Pick<Home, 'history'>,
  cut: Instant,
  asOf: Instant,
): Promise<ReadonlyMap<ProductId, number>> {
  const returns = new Map<ProductId, number>()
  const from = Math.floor(cut / dayMs) - 1
  if (asOf < (from + returnDays + 1) * dayMs) return returns
  for await (const { productId, revisions } of history.navsKnown(asOf)) {
    const found = returnBetween(revisions, from, from + returnDays, asOf)
    if (found !== null) returns.set(productId, found)
  }
  return returns
}

/** How long everyone's purchases were held, as known at an instant. */
export async function heldUpTo(
  { history }: Pick<Home, 'history'>,
  at: Instant,
): Promise<ReadonlyMap<InvestorId, readonly Held[]>> {
  const held = new Map<InvestorId, readonly Held[]>()
  for await (const batch of history.snapshotsAsOf(at))
    for (const { profile, trades } of batch) held.set(profile.id, heldTimes(trades, at))
  return held
}
