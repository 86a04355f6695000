import { readsActivity } from '../engine/suitability/readsActivity.js'
import { type Pack } from '../engine/suitability/pack.js'
import { activityOf } from '../features/definitions/activity.js'
import { type History } from '../features/history/port.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type InvestorAccount, type InvestorSnapshot } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { type Investors } from './investors.js'

/** The two ways to read an investor; the account is the larger one. */
export type Reads = {
  readonly snapshot: () => Promise<InvestorSnapshot | null>
  readonly account: () => Promise<InvestorAccount | null>
}

export const presentReads = (investors: Investors, id: InvestorId): Reads => ({
  snapshot: () => investors.get(id),
  account: () => investors.account(id),
})

export const pastReads = (history: History, id: InvestorId, asOf: Instant): Reads => ({
  snapshot: () => history.investorAsOf(id, asOf),
  account: () => history.accountAsOf(id, asOf),
})

/** An investor as read for a pack: whole only where its rules read what he traded. */
export const readFor = (
  { snapshot, account }: Reads,
  pack: Pack,
): Promise<InvestorSnapshot | InvestorAccount | null> => (readsActivity(pack) ? account() : snapshot())

/** An account with its sums of 12 months, where rules of the pack read them. */
export function withActivity(account: InvestorAccount, pack: Pack, catalogue: Catalogue, at: Instant): InvestorAccount {
  if (!readsActivity(pack)) return account
  const currency = account.profile.finances?.financialAssets?.currency ?? null
  return { ...account, activity: activityOf(account.trades, { catalogue, currency, at, timeZone: pack.timeZone }) }
}

/**
 * What a decision is given, and has sealed: never the trades and daily counts, and the sums of 12 months only where the pack's rules
 * read them.
 */
export function decidedOn(
  found: InvestorSnapshot | InvestorAccount,
  pack: Pack,
  catalogue: Catalogue,
  at: Instant,
): InvestorSnapshot {
  if (!('trades' in found)) return found
  const { trades: _, daily: __, ...snapshot } = withActivity(found, pack, catalogue, at)
  return snapshot
}
