import { type Pack } from '../../engine/suitability/pack.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type Digest } from '../../features/schema/ids.js'
import { type DecisionEntry } from '../entry.js'
import { type DecisionInputs, type Parts, partOf, type Verdict } from '../inputs.js'
import { type Backtest } from './backtest.js'
import { type Served } from './compared.js'
import { type Circumstances, openBacktest } from './openBacktest.js'

/** Of a recorded decision what a back-test needs, its sealed parts decrypted and not decoded: it can go to a worker. */
export type Decrypted = {
  readonly entry: Pick<DecisionEntry, 'decisionId' | 'pseudonym' | 'at' | 'packDigest' | 'catalogue'>
  readonly slate: readonly Served[]
  readonly parts: Parts<'inputs' | 'verdict'>
}

/** Judges decisions in the order in which they come, here or in a worker. */
export type Judging = {
  /** Resolves when more may be given, not when these were judged. */
  readonly add: (decisions: readonly Decrypted[]) => Promise<void>
  readonly result: (circumstances: Circumstances) => Promise<Backtest>
}

/** Where what judged the decisions comes from. */
export type Kept = {
  readonly packOf: (digest: Digest) => Promise<Pack>
  /** Asked for in the order of the ledger, so that revisions mostly ascend. */
  readonly catalogueOf: (named: DecisionEntry['catalogue']) => Promise<Catalogue>
}

/** Judges in this thread. Throws on a pack for offline evaluation; `add` rejects where a pack or catalogue cannot be had. */
export function judging(candidate: Pack, kept: Kept): Judging {
  const open = openBacktest(candidate)
  const catalogueOf = checkedCatalogue(kept.catalogueOf)
  return {
    add: async (decisions) => {
      for (const { entry, slate, parts } of decisions) {
        const { investor } = partOf(parts, 'inputs') as DecisionInputs
        const { digest: verdictDigest } = partOf(parts, 'verdict') as Verdict
        const [pack, catalogue] = [await kept.packOf(entry.packDigest), await catalogueOf(entry)]
        open.add({ entry, slate, investor, verdictDigest, pack, catalogue })
      }
    },
    result: (circumstances) => Promise.resolve(open.result(circumstances)),
  }
}

/** The same catalogue again while decisions name it; one of another digest than they name is refused. */
function checkedCatalogue(find: Kept['catalogueOf']) {
  const known = new Map<Digest, Catalogue>()
  return async ({ catalogue: named, decisionId }: Decrypted['entry']): Promise<Catalogue> => {
    const seen = known.get(named.digest)
    if (seen !== undefined) return seen
    const found = await find(named)
    if (found.digest !== named.digest)
      throw new Error(
        `decision ${decisionId} names catalogue revision ${named.revision} by another digest than is kept: restore catalogue/ from a backup`,
      )
    if (known.size === mostCatalogues) known.delete(known.keys().next().value ?? named.digest)
    known.set(named.digest, found)
    return found
  }
}

/** Two decisions made at once may be recorded in the other order of their catalogues. */
const mostCatalogues = 4
