import { ageBands } from '../../../audit/backtest/investorGroups.js'
import { type Counts } from '../../../audit/search/counts.js'
import { tolerances } from '../../../audit/search/row.js'
import { refusalCodes, scenes } from '../../../engine/decision.js'
import { type Pack } from '../../../engine/suitability/pack.js'
import { Digest } from '../../../features/schema/ids.js'
import { InvestorClass } from '../../../features/schema/levels.js'
import { type Home } from '../../home.js'
import { packOf } from '../../packs.js'
import { type Coverage } from './entrySearch.js'

/** What never occurred, beside what did. */
export async function coverageOf(counts: Counts, { blobs, catalogueLog }: Home): Promise<Coverage> {
  const packs = await Promise.all(counts.packs.map(({ packDigest }) => packOf(Digest.parse(packDigest), blobs)))
  const { products } = await catalogueLog.head()
  const shown = new Set(counts.products.map(({ productId }) => productId))
  const ids = products.map(({ id }) => id).filter((id) => !shown.has(id))
  const never = (all: readonly string[], met: readonly string[]): readonly string[] =>
    all.filter((name) => !met.includes(name))
  return {
    ...counts,
    packRules: packs.map((pack) => rulesOf(pack, counts)),
    neverShown: { products: ids.length, of: products.length, ids },
    neverClasses: classesBeside(counts.classes),
    neverScenes: never(
      scenes,
      counts.scenes.map(({ scene }) => scene),
    ),
    neverRefusals: never(
      refusalCodes,
      counts.refusals.map(({ refusal }) => refusal),
    ),
  }
}

/** A rule that makes a list non-personal is named by no entry: it occurred where such a list did. */
function rulesOf(pack: Pack, { rules, outcomes }: Counts): Coverage['packRules'][number] {
  const met = new Set(rules.map(({ ruleId }) => ruleId))
  const isMet = ({ id, effect }: Pack['rules'][number]): boolean =>
    met.has(id) || (effect === 'non-personal' && outcomes.some(({ outcome }) => outcome === 'non-personal'))
  const ids = [...new Set(pack.rules.map(({ id }) => id))]
  const occurred = new Set(pack.rules.filter(isMet).map(({ id }) => id))
  const { digest: packDigest, id, version } = pack
  return { packDigest, id, version, rules: ids.length, never: ids.filter((rule) => !occurred.has(rule)) }
}

function classesBeside(met: Counts['classes']): Counts['classes'] {
  const known = new Set(met.map(({ level, investorClass, ageBand }) => `${level}/${investorClass}/${ageBand}`))
  return tolerances.flatMap((level) =>
    InvestorClass.options.flatMap((investorClass) =>
      ageBands
        .filter((ageBand) => !known.has(`${level}/${investorClass}/${ageBand}`))
        .map((ageBand) => ({ level, investorClass, ageBand, entries: 0 })),
    ),
  )
}
