import { readFileSync } from 'node:fs'
import { decide, type Context } from '../engine/decide.js'
import { diversify } from '../engine/ranking/diversify.js'
import { disclosuresFor } from '../engine/explanation/disclosures.js'
import { reasonsFor } from '../engine/explanation/reasons.js'
import { type Release } from '../engine/release.js'
import { alignmentOf } from '../engine/alignment.js'
import { gate } from '../engine/gate.js'
import { exactSearch } from '../engine/retrieval/exact.js'
import { countBits } from '../engine/suitability/bitset.js'
import { subjectOf } from '../engine/suitability/inputs.js'
import { readPack } from '../engine/suitability/readPack.js'
import { referenceFor } from '../engine/suitability/reference.js'
import { compiledFor, compilePack } from '../engine/suitability/verdicts.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { report, rounded, timed } from './suite.js'

/** What each stage of one recommendation costs over the given catalogue: one table, beside the whole of `decide`. */
export function stages(
  release: Release,
  catalogue: Catalogue,
  investor: InvestorSnapshot,
  at: number,
  data: string,
): void {
  const pack = readPack(readFileSync('packs/cn-2026.yaml'))
  const context: Context = { mode: 'live', scene: 'home', size: 10, exclude: [] }
  const reference = referenceFor(pack)
  const compiled = compiledFor(catalogue, pack)
  const subject = subjectOf(investor, 'push', pack, at)
  const verdicts = compiled.judge(subject)
  const alignment = alignmentOf(release, catalogue)
  const mask = alignment.permittedRows(verdicts)
  const query = release.model.embed(investor, at)
  if (query === null) throw new Error('the investor must have a vector')
  const found = exactSearch(release.vectors, query, mask, release.manifest.thresholds.k)
  const ranked = Array.from(found.rows, (row) => {
    const product = catalogue.products[alignment.ordinalOfRow[row] ?? -1]
    const ordinal = alignment.ordinalOfRow[row] ?? -1
    if (product === undefined) throw new Error('nominated without a product')
    return { row, ordinal, product }
  })
  const slate = diversify(ranked, 10, release.manifest.diversity).slice(0, 10)
  const inputs = slate.map(({ ordinal }) => compiled.inputs[ordinal])
  // A new class of subjects each time: the verdict cache is left behind by a horizon that nobody had before.
  let horizon = 0
  const cold = (): unknown => {
    horizon = (horizon + 1) % 100_000
    return compiled.judge({
      ...subject,
      investor: { ...subject.investor, horizonMonths: horizon, ageYears: horizon % 64, lossCapacityBps: horizon },
    })
  }
  // What the reference keeps a subject must not be kept from one turn to the next.
  const another = () => ({ ...subject, investor: { ...subject.investor } })
  const rows = timed({
    'whole decide': () => decide(release, catalogue, pack, investor, context, at, 1),
    'inputs of the subject (calendar, age, terms)': () => subjectOf(investor, 'push', pack, at),
    'gate (CEL reference)': () => gate(pack, reference, another()),
    'verdicts of all products, class seen before': () => compiled.judge(subject),
    'verdicts of all products, changing horizon': cold,
    'embed the investor': () => release.model.embed(investor, at),
    'retrieve 200 of the permitted (exact scan)': () =>
      exactSearch(release.vectors, query, mask, release.manifest.thresholds.k),
    'diversify 200': () => diversify(ranked, 10, release.manifest.diversity),
    'check 10 again (CEL reference)': () => {
      const judged = another()
      return inputs.map((product) => product && reference.findings(product, judged))
    },
    'explain 10': () =>
      slate.map(({ product, row }) => [
        reasonsFor(product, row, investor, release.vectors, release.rowOf),
        disclosuresFor(product),
      ]),
  })
  const compileRows = timed({
    'compile the pack against the whole catalogue (once a revision)': () => compilePack(catalogue.products, pack),
  })
  report('stages', {
    question: 'What does each stage of one recommendation cost?',
    baseline: 'the whole of decide()',
    n: `${catalogue.products.length} products (${data}), ${countBits(mask)} permitted, ${release.vectors.dimension} dimensions, slate of 10`,
    rows: [...rows, ...compileRows].map((row) => ({
      stage: row.name,
      microseconds: rounded(row.microseconds, 1),
      share: rounded(row.microseconds / (rows[0]?.microseconds ?? NaN), 3),
    })),
  })
}
