import { createHash } from 'node:crypto'
import { type Withheld } from '../decision.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type Digest } from '../../features/schema/ids.js'
import { type Product } from '../../features/schema/product.js'
import { type Bitset, countBits, hasBit, withoutInto } from './bitset.js'
import { ClassVector } from './classVector.js'
import {
  type Compilation,
  type InForce,
  changedOrdinals,
  changesOf,
  compilationAfter,
  compilationOf,
  inForceOf,
} from './compilation.js'
import { Registers } from './compileExpression.js'
import { type Row, type Ruled } from './compileRule.js'
import { type ProductInputs, type Subject, productInputsOf } from './inputs.js'
import { type Pack } from './pack.js'
import { Recent } from './recent.js'
import { packNotInForce } from './rulesFor.js'
import { type Tables } from './tables.js'
import { encodeVerdicts } from './verdictBytes.js'

/** What the rules say of every product of a catalogue, for one class of subjects. Shared, so never written to. */
export type Verdicts = {
  /** Those that no rule excludes; some of them may want confirmations first. */
  readonly permitted: Bitset
  readonly permittedCount: number
  /** One entry a rule in force, in the pack's order: the products that it excludes. */
  readonly blockedBy: readonly Ruled[]
  /** One entry a rule that warns and is in force: the products that want its confirmations, permitted or not. */
  readonly warnedBy: readonly Ruled[]
  readonly withheld: Withheld
  /** SHA-256 of `encodeVerdicts`: taken when first asked for, since only decisions need it. */
  readonly digest: Digest
}

/** A pack compiled against a catalogue. */
export type Compiled = {
  readonly inputs: readonly ProductInputs[]
  judge(subject: Subject): Verdicts
  /**
   * The subject's class: `RULE@DATE:NUMBERS;…` for each rule in force, with its first day in force and the numbers that
   * its bits are made of. Defined for every subject, the same on every machine, and in ASCII: with the digests of
   * catalogue and pack it names the verdicts, and tells as much as they do (docs/decisions/0014-classes-of-verdicts.md).
   */
  classOf(subject: Subject): string
}

/** The rules that exclude a product, in the pack's order; none means permitted. */
export const whyNot = ({ blockedBy }: Verdicts, ordinal: number): readonly string[] => rulesAt(blockedBy, ordinal)

/** The rules whose confirmations a product wants, in the pack's order. */
export const whyWarned = ({ warnedBy }: Verdicts, ordinal: number): readonly string[] => rulesAt(warnedBy, ordinal)

const rulesAt = (ruled: readonly Ruled[], ordinal: number): readonly string[] =>
  ruled.filter(({ bits }) => hasBit(bits, ordinal)).map(({ ruleId }) => ruleId)

/** By the products alone: the same ones as of another instant are judged alike. */
const compiled = new WeakMap<readonly Product[], Map<Digest, Compiled>>()
/** What a pack was last compiled against: the next catalogue mostly differs in a few products. */
const latest = new WeakMap<Pack, { readonly products: readonly Product[]; readonly compilation: Compilation }>()

/** Compiles once for each catalogue's products and pack; later calls return the same. */
export function compiledFor({ products }: Catalogue, pack: Pack): Compiled {
  let packs = compiled.get(products)
  if (packs === undefined) compiled.set(products, (packs = new Map<Digest, Compiled>()))
  let found = packs.get(pack.digest)
  if (found === undefined) {
    const compilation = compilationFor(products, pack)
    latest.set(pack, { products, compilation })
    packs.set(pack.digest, (found = compiledOf(compilation)))
  }
  return found
}

/** Above this share of changed products, compiling anew is no slower. */
const fewChanges = 1 / 8

function compilationFor(products: readonly Product[], pack: Pack): Compilation {
  const base = latest.get(pack)
  const ordinals = base === undefined ? null : changedOrdinals(base.products, products)
  if (base === undefined || ordinals === null || ordinals.length > products.length * fewChanges)
    return compilationOf(
      pack,
      products.map((product) => inputsFor(product, pack.timeZone)),
    )
  const inputs = base.compilation.inputs.slice()
  for (const ordinal of ordinals) {
    const product = products[ordinal]
    if (product !== undefined) inputs[ordinal] = inputsFor(product, pack.timeZone)
  }
  return compilationAfter(base.compilation, inputs, changesOf(ordinals, base.compilation.inputs, inputs))
}

/** From scratch, and kept nowhere. */
export const compilePack = (products: readonly Product[], pack: Pack): Compiled =>
  compileInputs(
    products.map((product) => inputsFor(product, pack.timeZone)),
    pack,
  )

/** The same, of products that were made inputs already: [n], in catalogue order. */
export const compileInputs = (inputs: readonly ProductInputs[], pack: Pack): Compiled =>
  compiledOf(compilationOf(pack, inputs))

const inputsCache = new Map<string, WeakMap<Product, ProductInputs>>()

/** A product's inputs depend on nothing but the product and the zone, and most products outlive a revision. */
function inputsFor(product: Product, timeZone: string): ProductInputs {
  let cache = inputsCache.get(timeZone)
  if (cache === undefined) inputsCache.set(timeZone, (cache = new WeakMap()))
  let inputs = cache.get(product)
  if (inputs === undefined) cache.set(product, (inputs = productInputsOf(product, timeZone)))
  return inputs
}

/** Bytes of bits that the verdicts kept for reuse may hold if no two share any: mostly they share all but a few. */
const classesBytes = 1 << 26

/** 2,000 of 5,000 products under 35 rules, 600 of 26,000. */
function classesKept({ plan, tables }: Compilation): number {
  const warning = plan.rules.filter(({ rule }) => rule.effect === 'warn').length
  const most = (1 + plan.rules.length + warning) * (tables.none.byteLength + 1)
  return Math.max(64, Math.min(8192, Math.floor(classesBytes / most)))
}

export function compiledOf(compilation: Compilation): Compiled {
  const { plan, inputs, tables, rows } = compilation
  const rulesInForce = inForceOf(plan)
  const classes = new Recent<Verdicts>(classesKept(compilation))
  const registers = new Registers(tables.none.length)
  const vector = new ClassVector()
  let closed: Verdicts | null = null
  /** Writes the class; the places at which its rules begin, and the end. */
  const classify = ({ number, rules }: InForce, subject: Subject): readonly number[] => {
    vector.clear()
    vector.write(number)
    const starts = rules.map(({ compiled }) => {
      const start = vector.length
      compiled.classify(subject, tables, vector)
      return start
    })
    starts.push(vector.length)
    return starts
  }
  const rowsOf = ({ rules }: InForce, starts: readonly number[]): readonly Row[] =>
    rules.map(({ place, compiled }, index) => {
      const [start = 0, end = 0] = [starts[index], starts[index + 1]]
      const make = (): Row => {
        vector.readFrom(start)
        return compiled.row(vector, tables, registers)
      }
      return rows[place]?.at(vector, start, end, make) ?? make()
    })
  return {
    inputs,
    judge: (subject) => {
      const inForce = rulesInForce(subject)
      if (inForce === null) return (closed ??= verdictsOf([closedRow(tables)], tables))
      const starts = classify(inForce, subject)
      return classes.at(vector, 0, vector.length, () => verdictsOf(rowsOf(inForce, starts), tables))
    },
    classOf: (subject) => {
      const inForce = rulesInForce(subject)
      if (inForce === null) return packNotInForce
      const starts = classify(inForce, subject)
      const numbers = (index: number): string => vector.slice(starts[index] ?? 0, starts[index + 1] ?? 0).join()
      return inForce.rules
        .map(({ compiled: { rule } }, index) => `${rule.id}@${rule.effectiveFrom}:${numbers(index)}`)
        .join(';')
    },
  }
}

const closedRow = ({ full, size }: Tables): Row => ({
  blocked: { ruleId: packNotInForce, bits: full },
  blockedCount: size,
  warned: null,
})

function verdictsOf(rows: readonly Row[], { full, size }: Tables): Verdicts {
  const permitted = full.slice()
  for (const { blocked, blockedCount } of rows) if (blockedCount > 0) withoutInto(permitted, blocked.bits)
  const permittedCount = countBits(permitted)
  const blockedBy = rows.map(({ blocked }) => blocked)
  const warnedBy = rows.flatMap(({ warned }) => warned ?? [])
  let withheld: Withheld | null = null
  let digest: Digest | null = null
  return {
    permitted,
    permittedCount,
    blockedBy,
    warnedBy,
    get withheld() {
      return (withheld ??= { total: size - permittedCount, byRule: countsOf(rows) })
    },
    get digest() {
      return (digest ??= digestOf(encodeVerdicts({ blockedBy, warnedBy, permitted })))
    },
  }
}

/** By rule, of those that exclude any. */
const countsOf = (rows: readonly Row[]): Withheld['byRule'] =>
  Object.fromEntries(
    rows.flatMap(({ blocked, blockedCount }) => (blockedCount > 0 ? [[blocked.ruleId, blockedCount]] : [])),
  )

const digestOf = (bytes: Uint8Array): Digest => `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest
