import { type Catalogue } from '../features/schema/catalogue.js'
import { type ProductId } from '../features/schema/ids.js'
import { type Product } from '../features/schema/product.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { alignmentOf } from './alignment.js'
import { type Decision, type Mode, type Outcome, type Scene, type SlateItem, type Withheld } from './decision.js'
import { disclosuresFor } from './explanation/disclosures.js'
import { reasonsFor } from './explanation/reasons.js'
import { gate } from './gate.js'
import { drawOf, keptFor, type Ordered, underFloors } from './ranking/floors.js'
import { rank } from './ranking/rank.js'
import { type Release } from './release.js'
import { withReserved } from './retrieval/reserved.js'
import { retrieve } from './retrieval/retrieve.js'
import { type Bitset } from './suitability/bitset.js'
import { type Subject, subjectOf } from './suitability/inputs.js'
import { type Pack } from './suitability/pack.js'
import { type Finding, type Reference, referenceFor } from './suitability/reference.js'
import { type Compiled, compiledFor } from './suitability/verdicts.js'

/** What a request asks for. `exclude` is left out of the slate beside what the investor bought already. */
export type Context = {
  readonly mode: Mode
  readonly scene: Scene
  /** Length of the slate, 1 to 50. */
  readonly size: number
  readonly exclude: readonly ProductId[]
}

/** `disagreements`: ranked products that the reference evaluator rejected though the bitsets permitted them; none, ever. */
export type Decided = {
  readonly decision: Decision
  readonly disagreements: readonly { readonly productId: ProductId; readonly findings: readonly Finding[] }[]
}

/**
 * The one decision: recommend, replay, back-test, batch and offline evaluation all call it. Pure: equal arguments give
 * equal decisions, on any processor. Refusals are outcomes; it throws on a misuse or a broken release only.
 */
export function decide(
  release: Release,
  catalogue: Catalogue,
  pack: Pack,
  investor: InvestorSnapshot,
  context: Context,
  at: Instant,
  seed: number,
  recorded: readonly number[] | null = null,
): Decided {
  if (pack.mode === 'evaluation' && context.mode !== 'evaluation')
    throw new Error(`rule pack ${pack.id} is for offline evaluation; serve with a live pack`)
  const reference = referenceFor(pack)
  const subject = subjectOf(investor, 'push', pack, at)
  const { mode, size } = context
  const { diversity } = release.manifest
  const conclude = (outcome: Outcome, found: Partial<Decision> = {}): Decision => ({
    ...circumstances(release, catalogue, pack, context, at, seed),
    outcome,
    ...found,
  })

  const entrance = mode === 'evaluation' ? { open: true as const, personal: true } : gate(pack, reference, subject)
  if (!entrance.open)
    return {
      decision: conclude({ kind: 'refusal', refusal: entrance.refusal, ruleId: entrance.ruleId }),
      disagreements: [],
    }

  const compiled = compiledFor(catalogue, pack)
  const verdicts = compiled.judge(subject)
  const alignment = alignmentOf(release, catalogue)
  const mask = withoutExcluded(alignment.permittedRows(verdicts), release, entrance.personal ? investor : null, context)
  const again = recorded && rowsOf(recorded, release, catalogue)
  const who = entrance.personal ? investor : null
  const { by, candidates: best } = retrieve(release, who, at, mask, again)
  const kept = keptFor(release, catalogue, who, size, () => drawOf(seed, at, who?.profile.id ?? null))
  const candidates = withReserved(release, who, at, mask, best, kept, size)

  const nominated = Array.from(candidates.rows, (row, place) =>
    nominee(row, candidates.scores[place] ?? 0, alignment.ordinalOfRow, catalogue),
  )
  const ranked = by === 'popularity' ? nominated : rank(release.model, nominated, investor, at)
  const { ordered, placed } = mode === 'evaluation' ? unplaced(ranked) : underFloors(ranked, size, diversity, kept)
  const { items, disagreements } = checkAgain(ordered, size, reference, compiled, subject)
  const found = {
    retrieval: by,
    nominated: ranked.map(({ ordinal }) => ordinal),
    withheld: verdicts.withheld,
    verdictDigest: verdicts.digest,
  }
  if (items.length === 0)
    return {
      decision: conclude({ kind: 'refusal', refusal: 'no-suitable-product', ruleId: foremost(verdicts) }, found),
      disagreements,
    }
  const slate = items.map((item, index) =>
    explain({ ...item, floor: placed.get(item) ?? null }, index + 1, entrance.personal, mode, investor, release),
  )
  return { decision: conclude({ kind: entrance.personal ? 'personal' : 'non-personal', slate }, found), disagreements }
}

/** What a decision names of its inputs, and the values of what it may not come to. */
function circumstances(
  release: Release,
  catalogue: Catalogue,
  pack: Pack,
  context: Context,
  at: Instant,
  seed: number,
) {
  const { mode, scene, size } = context
  const { revision, knownBefore, digest } = catalogue
  return {
    v: 1,
    mode,
    release: release.digest,
    catalogue: { revision, knownBefore, digest },
    packDigest: pack.digest,
    at,
    seed,
    scene,
    size,
    retrieval: null,
    nominated: [],
    withheld: { total: 0, byRule: {} },
    verdictDigest: null,
  } as const
}

type Nominee = { readonly row: number; readonly ordinal: number; readonly score: number; readonly product: Product }

function nominee(row: number, score: number, ordinalOfRow: Int32Array, catalogue: Catalogue): Nominee {
  const ordinal = ordinalOfRow[row] ?? -1
  const product = catalogue.products[ordinal]
  if (product === undefined) throw new Error(`row ${row} was nominated, but the catalogue does not have its product`)
  return { row, ordinal, score, product }
}

const unplaced = (ordered: readonly Nominee[]): Ordered<Nominee> => ({ ordered, placed: new Map() })

/** The release's rows of products by their ordinals; those that it does not have are left out. */
const rowsOf = (ordinals: readonly number[], { rowOf }: Release, { products }: Catalogue): readonly number[] =>
  ordinals.flatMap((ordinal) => {
    const product = products[ordinal]
    return product === undefined ? [] : (rowOf.get(product.id) ?? [])
  })

/** What he bought already is not recommended again, but on the page of his own holdings; null: he opted out. */
function withoutExcluded(
  permitted: Bitset,
  release: Release,
  investor: InvestorSnapshot | null,
  context: Context,
): Bitset {
  const bought =
    context.scene === 'holdings' || investor === null
      ? []
      : investor.behaviour.purchased.map(({ productId }) => productId)
  const mask = permitted.slice()
  for (const productId of [...bought, ...context.exclude]) {
    const row = release.rowOf.get(productId)
    if (row !== undefined) mask[row >>> 5] = (mask[row >>> 5] ?? 0) & ~(1 << (row & 31))
  }
  return mask
}

/** The first `size` that the reference evaluator permits too; it never saw the bitsets. */
function checkAgain(
  ordered: readonly Nominee[],
  size: number,
  reference: Reference,
  compiled: Compiled,
  subject: Subject,
): { items: readonly Nominee[]; disagreements: Decided['disagreements'] } {
  const items: Nominee[] = []
  const disagreements: Decided['disagreements'][number][] = []
  for (const item of ordered) {
    if (items.length === size) break
    const inputs = compiled.inputs[item.ordinal]
    if (inputs === undefined) throw new Error(`ordinal ${item.ordinal} has no inputs`)
    const findings = reference.findings(inputs, subject)
    if (findings.length === 0) items.push(item)
    else disagreements.push({ productId: item.product.id, findings })
  }
  return { items, disagreements }
}

function explain(
  item: Nominee & { readonly floor: string | null },
  rank: number,
  personal: boolean,
  mode: Mode,
  investor: InvestorSnapshot,
  release: Release,
): SlateItem {
  const { product, row, score } = item
  if (product.rating === null)
    throw new Error(`product ${product.id} has no rating and was permitted: the pack must require one`)
  const base = { productId: product.id, rank, score, riskLevel: product.rating.level }
  if (mode === 'evaluation') return { ...base, reasons: [], disclosures: [] }
  const reasons = personal
    ? reasonsFor(product, row, investor, release.vectors, release.rowOf)
    : [{ code: 'NOT_PERSONALISED', params: {} }]
  const kept = item.floor === null ? [] : [{ code: 'PLACE_KEPT', params: { floor: item.floor } }]
  return { ...base, reasons: [...kept, ...reasons], disclosures: disclosuresFor(product) }
}

/** The rule that excluded most products; null where none did. */
export function foremost({ withheld }: { readonly withheld: Withheld }): string | null {
  const [first] = Object.entries(withheld.byRule).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  return first?.[0] ?? null
}
