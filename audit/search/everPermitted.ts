import { hasBit } from '../../engine/suitability/bitset.js'
import { subjectOf } from '../../engine/suitability/inputs.js'
import { compiledFor } from '../../engine/suitability/verdicts.js'
import { type ProductId } from '../../features/schema/ids.js'
import { type Kept } from '../backtest/judging.js'
import { type DecisionInputs, partOf, type Verdict } from '../inputs.js'
import { type Period, recordedDecisions } from '../recordedDecisions.js'
import { type Record } from '../record.js'

export type EverPermitted = {
  /** Live decisions whose products the rules judged: of the others the gate refused, or the person was erased. */
  readonly judged: number
  readonly erased: number
  readonly products: ReadonlySet<ProductId>
}

/**
 * The products that the rules permitted to anybody, by judging the live decisions of a period again: one of each class
 * of investor under each pack and catalogue, for equal classes have equal verdicts. Reads and decrypts every decision.
 */
export async function everPermitted(
  record: Pick<Record, 'ledger' | 'persons'>,
  period: Period,
  { packOf, catalogueOf }: Kept,
): Promise<EverPermitted> {
  const products = new Set<ProductId>()
  const classes = new Set<string>()
  let [judged, erased] = [0, 0]
  for await (const { entry, unseal } of recordedDecisions(record, period)) {
    if (entry.mode !== 'live') continue
    const parts = await unseal()
    if (parts === 'erased') {
      erased += 1
      continue
    }
    if ((partOf(parts, 'verdict') as Verdict).digest === null) continue
    judged += 1
    const [pack, catalogue] = [await packOf(entry.packDigest), await catalogueOf(entry.catalogue)]
    const { investor } = partOf(parts, 'inputs') as DecisionInputs
    const subject = subjectOf(investor, 'push', pack, entry.at)
    const compiled = compiledFor(catalogue, pack)
    const named = `${pack.digest} ${catalogue.digest} ${compiled.classOf(subject)}`
    if (classes.has(named)) continue
    classes.add(named)
    const { permitted } = compiled.judge(subject)
    catalogue.products.forEach(({ id }, ordinal) => {
      if (hasBit(permitted, ordinal)) products.add(id)
    })
  }
  return { judged, erased, products }
}
