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
  /** The same object of the same name, as long as it can: rules are compiled once for each. */
  readonly catalogueOf: (named: DecisionEntry['catalogue']) => Promise<Catalogue>
}

/** Judges in this thread. Throws on a pack for offline evaluation; `add` rejects where a pack or catalogue cannot be had. */
export function judging(candidate: Pack, kept: Kept): Judging {
  const open = openBacktest(candidate)
  return {
    add: async (decisions) => {
      for (const { entry, slate, parts } of decisions) {
        const { investor } = partOf(parts, 'inputs') as DecisionInputs
        const { digest: verdictDigest } = partOf(parts, 'verdict') as Verdict
        const [pack, catalogue] = [
          await kept.packOf(entry.packDigest),
          checked(await kept.catalogueOf(entry.catalogue), entry),
        ]
        open.add({ entry, slate, investor, verdictDigest, pack, catalogue })
      }
    },
    result: (circumstances) => Promise.resolve(open.result(circumstances)),
  }
}

/** A catalogue of another digest than a decision names is refused. */
const checked = (catalogue: Catalogue, { catalogue: named, decisionId }: Decrypted['entry']): Catalogue => {
  if (catalogue.digest === named.digest) return catalogue
  throw new Error(
    `decision ${decisionId} names catalogue revision ${named.revision} by another digest than is kept: restore catalogue/ from a backup`,
  )
}
