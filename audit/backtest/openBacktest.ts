import { readsActivity } from '../../engine/suitability/readsActivity.js'
import { type Pack } from '../../engine/suitability/pack.js'
import { type Digest } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { type Backtest, type PackName } from './backtest.js'
import { type Compared, compareUnder, type Judged } from './compared.js'
import { at } from './counting.js'
import { Examples } from './examples.js'
import { GroupTally } from './groupTally.js'
import { ageBandOf, ageBands, levelOf, levels } from './investorGroups.js'
import { ProductTally } from './productTally.js'
import { RuleTally } from './ruleTally.js'

/** What the decisions themselves do not tell. */
export type Circumstances = Pick<Backtest, 'firmId' | 'from' | 'to' | 'ledger'> & {
  readonly erased: number
  readonly leftOut: number
}

/** A back-test under way: pure, and the better the more decisions of one catalogue are added one after the other. */
export type OpenBacktest = {
  readonly add: (judged: Judged) => void
  readonly result: (circumstances: Circumstances) => Backtest
}

/** Begins a back-test. Throws on a pack for offline evaluation, which never judges what is served. */
export function openBacktest(candidate: Pack): OpenBacktest {
  if (candidate.mode === 'evaluation')
    throw new Error(`rule pack ${candidate.id} is for offline evaluation; a back-test wants one to serve with`)
  const investors = new Map<string, number>()
  const packs = new Map<Digest, { readonly pack: Pack; decisions: number }>()
  const [total, byLevel, byAge] = [new GroupTally(), talliesOf(levels), talliesOf(ageBands)]
  const [rules, products, examples] = [new RuleTally(), new ProductTally(), new Examples()]
  const activityRead = readsActivity(candidate)
  let [compared, unlikeRecord, withoutActivity] = [0, 0, 0]
  let firstAt: Instant | null = null
  let lastAt: Instant | null = null

  const count = (one: Compared): void => {
    const { judged, before, likeRecord } = one
    const { entry, pack, investor } = judged
    const number = at(investors, entry.pseudonym, () => investors.size)
    compared += 1
    if (!likeRecord) unlikeRecord += 1
    if (activityRead && investor.activity === undefined) withoutActivity += 1
    firstAt = Math.min(firstAt ?? entry.at, entry.at)
    lastAt = Math.max(lastAt ?? entry.at, entry.at)
    at(packs, pack.digest, () => ({ pack, decisions: 0 })).decisions += 1
    const level = levelOf(before.subject.investor)
    total.add(one, number)
    byLevel.get(level)?.add(one, number)
    byAge.get(ageBandOf(before.subject.investor))?.add(one, number)
    rules.add(one, number)
    products.add(one, number)
    examples.add(one, level)
  }

  return {
    add: (judged) => count(compareUnder(candidate, judged)),
    result: ({ erased, leftOut, ...circumstances }) => ({
      v: 1,
      ...circumstances,
      candidate: nameOf(candidate),
      judgedBy: [...packs.values()]
        .map(({ pack, decisions }) => ({ ...nameOf(pack), decisions }))
        .sort((a, b) => b.decisions - a.decisions || (a.digest < b.digest ? -1 : 1)),
      decisions: { compared, erased, leftOut, unlikeRecord, withoutActivity },
      firstAt,
      lastAt,
      total: total.group,
      levels: Array.from(byLevel, ([level, tally]) => ({ level, ...tally.group })),
      ageBands: Array.from(byAge, ([ageBand, tally]) => ({ ageBand, ...tally.group })),
      rules: rules.rules,
      refusals: rules.refusals,
      ...products.shares,
      examples: examples.chosen,
    }),
  }
}

const talliesOf = <Name extends string>(names: readonly Name[]): ReadonlyMap<Name, GroupTally> =>
  new Map(names.map((name) => [name, new GroupTally()]))

const nameOf = ({ id, version, digest }: Pack): PackName => ({ id, version, digest })
