import { type Command, Option } from 'commander'
import { type Found } from '../../audit/search/found.js'
import { entryTypes, outcomes, RuleId } from '../../audit/search/query.js'
import { Pseudonym } from '../../audit/commitment.js'
import { InvestorId, ProductId } from '../../features/schema/ids.js'
import { formatInstant, type Instant } from '../../features/schema/time.js'
import { type Asked, type EntrySearch } from '../../serving/audit/entries/entrySearch.js'
import { withService } from '../open.js'
import { instant } from '../options.js'
import { progress, UsageError } from '../output.js'
import { idOf, type Options, withFirm } from './options.js'
import { type PrivacyService } from '../../serving/privacy/privacyService.js'

export type InPeriod = Options & { readonly from?: Instant; readonly to?: Instant }

export type Filtered = InPeriod & {
  readonly investor?: string
  readonly pseudonym?: string
  readonly product?: string
  readonly rule?: string
  readonly outcome?: Asked['outcome']
  readonly type?: Asked['type']
}

export const withPeriod = (command: Command): Command =>
  withFirm(command)
    .option('--from <instant>', 'from this instant on, such as 2026-05-08T00:00:00Z', instant)
    .option('--to <instant>', 'before this instant', instant)

export const withFilters = (command: Command): Command =>
  withPeriod(command)
    .option('--investor <id>', 'of one investor, by the id that the firm knows him by')
    .option('--pseudonym <hex>', 'of one person, by the name that the ledger has for him')
    .option('--product <id>', 'that showed it, or a check of its purchase')
    .option('--rule <id>', 'in which it withheld, refused, blocked or warned')
    .addOption(new Option('--outcome <outcome>', 'how it ended').choices(outcomes))
    .addOption(new Option('--type <type>', 'of entry').choices(entryTypes))

/** Throws UsageError. */
export function askedBy({ investor, pseudonym, product, rule, outcome, type, from, to }: Filtered): Asked {
  if (rule !== undefined && !RuleId.safeParse(rule).success) throw new UsageError(`"${rule}" is no rule id`)
  return {
    investorId: investor === undefined ? undefined : idOf(InvestorId, investor, 'investor'),
    pseudonym: pseudonym === undefined ? undefined : idOf(Pseudonym, pseudonym, 'pseudonym'),
    productId: product === undefined ? undefined : idOf(ProductId, product, 'product'),
    ruleId: rule,
    outcome,
    type,
    from,
    to,
  }
}

/** The search of a data directory, brought up to date. */
export async function withEntries<T>(
  data: string,
  work: (entries: EntrySearch, reads: PrivacyService['reads']) => Promise<T>,
): Promise<T> {
  const bar = progress()
  return withService(data, async ({ audit: { entries }, privacy: { reads } }) => {
    await entries
      .catchUp((done, total) => {
        if (total > done) bar.update('entries taken into the search', done, total)
      })
      .finally(bar.stop)
    return work(entries, reads)
  })
}

/** One line an entry. */
export function foundInWords({ ledgerIndex, at, type, entryId, sealed, ...open }: Found): string {
  const ended = open.refusal ?? open.outcome ?? (typeof sealed === 'object' ? (sealed?.verdict ?? null) : null)
  const mode = open.mode === 'live' ? null : open.mode
  const products = typeof sealed === 'object' && sealed?.productId ? [sealed.productId] : open.products
  const told = [mode, ended, products.join(' ') || null, typeof sealed === 'string' ? sealed : null]
  return [ledgerIndex, formatInstant(at), type, entryId, ...told.filter((word) => word !== null)].join('  ')
}
