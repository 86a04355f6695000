import { type Ledger } from '../../audit/ledger.js'
import { openRuleLedger, type RuleLedger } from '../../audit/rules/ruleLedger.js'
import { allFirms, commonAt, digestsFrom, ownAt, packAt } from '../../audit/rules/schedule.js'
import { type Pack } from '../../engine/suitability/pack.js'
import { type Digest, type FirmId } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { type Blobs } from '../../storage/blobs.js'
import { PackError } from '../../engine/suitability/readPack.js'
import { type Packs, packOf, packToServe } from '../packs.js'
import { Unavailable } from '../service.js'

/** Which pack is in force when, as the ledger says: the packs of its schedule, read. */
export type RuleBook = {
  readonly rules: RuleLedger
  /**
   * The pack that judges a firm at an instant of now or later. Throws `Unavailable` while a change that would bind by
   * then is being written, and where this version refuses the pack.
   */
  readonly present: (firmId: FirmId, at: Instant) => Pack
  /** At any instant; before the first record the first pack that was recorded. */
  readonly past: (firmId: FirmId, at: Instant) => Promise<Pack>
  /** Each pack in force once; the first is that of all firms that have none of their own. */
  readonly all: (at: Instant) => readonly [Pack, ...Pack[]]
  /** Those in force and those that are scheduled. */
  readonly soon: (at: Instant) => readonly Pack[]
  /** Read to judge by. Rejects with `PackError` where this version refuses it as a new pack. */
  readonly pack: (digest: Digest) => Promise<Pack>
  /** Read to be shown: one that judged, whatever is asked of new packs since. */
  readonly shown: (digest: Digest) => Promise<Pack>
  /** Why this version does not judge by a pack that is in force or scheduled; null where it does. */
  readonly refusal: (digest: Digest) => string | null
  /** Now, or what was recorded last where the clock has stepped back since. */
  readonly newest: () => Instant
  /** Where the configuration gives another pack than is in force, in words: it counts no more. */
  readonly kept: (at: Instant) => readonly string[]
}

export type RuleBookPorts = {
  readonly ledger: Ledger
  readonly blobs: Blobs
  readonly packs: Packs
  /** Later than whatever the ledger holds; throws where the clock is behind it. */
  readonly instant: () => Instant
  readonly now: () => Instant
}

/**
 * Opens it. What the configuration gives is recorded where it differs from what was in force, until two officers are
 * registered; from then on it is told alone, by `kept`. Rejects where the ledger's entries about rules do not hold, or a
 * pack in force cannot be read at all; one that is refused as a new pack would be opens, and judges nobody.
 */
export async function openRuleBook({ ledger, blobs, packs, instant, now }: RuleBookPorts): Promise<RuleBook> {
  const rules = await openRuleLedger(ledger)
  const loaded = new Map<Digest, Pack>(packs.all.map((pack) => [pack.digest, pack]))
  const load = async (digest: Digest): Promise<Pack> => {
    const pack = loaded.get(digest) ?? (await packToServe(digest, blobs))
    loaded.set(digest, pack)
    return pack
  }
  const refused = new Map<Digest, { readonly pack: Pack; readonly why: string }>()
  const shown = async (digest: Digest): Promise<Pack> => loaded.get(digest) ?? packOf(digest, blobs)
  const newest = (): Instant => Math.max(now(), rules.state().lastAt)
  try {
    if (!rules.state().fourEyes)
      for (const { firmId, packDigest } of differences(rules, packs, newest()))
        await rules.append({ type: 'pack-in-force', origin: 'configuration', firmId, packDigest }, instant)
  } catch (error) {
    // A ledger that takes nothing more refuses every decision, and can be read all the same.
    if (ledger.failure() === null) throw error
  }
  for (const digest of digestsFrom(rules.state().schedules, now()))
    try {
      await load(digest)
    } catch (error) {
      if (!(error instanceof PackError)) throw error
      const pack = await shown(digest)
      const why = `rule pack ${pack.id} version ${pack.version} is in force or scheduled, and this version refuses it: ${error.message}. Propose one that it takes ("aptus rules propose"), or go back to the version before`
      refused.set(digest, { pack, why })
    }

  const digestAt = (firmId: FirmId | null, at: Instant): Digest =>
    packAt(rules.state().schedules, firmId, at) ?? packs.all[0].digest
  const packIn = (digest: Digest): Pack => {
    const pack = loaded.get(digest) ?? refused.get(digest)?.pack
    if (pack === undefined) throw new Error(`pack ${digest} is scheduled, and was not read`)
    return pack
  }
  return {
    rules,
    present: (firmId, at) => {
      const underWay = rules.underWay()
      if (underWay !== null && underWay.from <= at)
        throw new Unavailable('no-ledger', 'a change of rules is being recorded')
      const digest = digestAt(firmId, at)
      const refusal = refused.get(digest)
      if (refusal !== undefined) throw new Unavailable('no-rule-pack', refusal.why)
      return packIn(digest)
    },
    past: (firmId, at) => shown(digestAt(firmId, at)),
    all: (at) => {
      const first = digestAt(null, at)
      const others = firmsIn(rules).flatMap((firmId) => ownAt(rules.state().schedules, firmId, at)?.packDigest ?? [])
      return [packIn(first), ...[...new Set(others)].filter((digest) => digest !== first).map(packIn)]
    },
    soon: (at) => [...digestsFrom(rules.state().schedules, at)].map(packIn),
    pack: load,
    shown,
    refusal: (digest) => refused.get(digest)?.why ?? null,
    newest,
    kept: (at) => (rules.state().fourEyes ? differences(rules, packs, at).map(({ words }) => words) : []),
  }
}

type Difference = { readonly firmId: FirmId | null; readonly packDigest: Digest | null; readonly words: string }

/** Where the configuration gives another pack than the schedule: first for all firms, then by firm. */
function differences(rules: RuleLedger, packs: Packs, at: Instant): readonly Difference[] {
  const { schedules } = rules.state()
  const [common] = packs.all
  const scopes = new Set<FirmId>([...packs.firms, ...firmsIn(rules)])
  const given = [
    { firmId: null, packDigest: common.digest, inForce: commonOrNull(rules, at) },
    ...[...scopes].map((firmId) => ({
      firmId,
      packDigest: packs.firms.includes(firmId) ? packs.of(firmId).digest : null,
      inForce: ownAt(schedules, firmId, at)?.packDigest ?? null,
    })),
  ]
  return given
    .filter(({ packDigest, inForce }) => packDigest !== inForce)
    .map(({ firmId, packDigest, inForce }) => {
      const whose = firmId === null ? 'all firms' : `firm ${firmId}`
      const words = `rules of ${whose}: in force is ${inForce ?? 'no pack of its own'}; the configuration gives ${packDigest ?? 'none'}, which counts only once it is proposed and approved ("aptus rules propose")`
      return { firmId, packDigest, words }
    })
}

const commonOrNull = (rules: RuleLedger, at: Instant): Digest | null =>
  commonAt(rules.state().schedules, at)?.packDigest ?? null

/** Firms that have, or had, a pack of their own. */
export const firmsIn = (rules: RuleLedger): readonly FirmId[] =>
  [...rules.state().schedules.keys()].filter((scope) => scope !== allFirms) as FirmId[]
