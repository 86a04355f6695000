import { createHash } from 'node:crypto'
import { type Digest } from '../../features/schema/ids.js'
import { type KindOfFile, LocatedError, type LocatedFault, readYaml } from '../locatedYaml.js'
import { faultsOfCases } from './cases.js'
import { compositionOf } from './composition.js'
import { FirmPackText, type Pack, PackText, type Rule } from './pack.js'
import { KeptFirmPackText, KeptPackText } from './keptPack.js'
import { firmFaults } from './firmFaults.js'
import { type PackFaultAt, packFaults } from './packFaults.js'
import { faultsOfTexts } from './packTexts.js'
import { readRule } from './readRule.js'

export { LocatedError as PackError, type LocatedFault as PackFault }

export const packKind: KindOfFile = {
  fields: ['rules', 'extends', 'jurisdiction', 'retention'],
  otherwise:
    'this is no rule pack; want YAML with id, version, title, rules and the other fields that docs/rules.md tells, such as packs/cn-2026.yaml',
}

/** The packs read last, by their digest: a fault is never kept. Trying a pack's cases takes a quarter of a second. */
const lately = new Map<Digest, Pack>()
const mostKept = 8

/**
 * Reads a rule pack from the bytes of its YAML; the digest is SHA-256 of those bytes. The same bytes may give the same
 * object again. Throws `PackError` with line, column and a sentence for every fault; half a pack is never returned.
 */
export function readPack(bytes: Uint8Array, file = 'pack'): Pack {
  const digest = digestOf(bytes)
  const pack = lately.get(digest) ?? readAnew(bytes, digest, file)
  // A Map keeps its order of insertion: the first is the one not asked for longest.
  lately.delete(digest)
  lately.set(digest, pack)
  const [oldest] = lately.size > mostKept ? lately.keys() : []
  if (oldest !== undefined) lately.delete(oldest)
  return pack
}

function readAnew(bytes: Uint8Array, digest: Digest, file: string): Pack {
  const { value, fail, where } = readYaml(bytes, PackText, file, packKind)
  const { rules, faults } = readRules(value)
  faults.push(...packFaults(value, rules))
  const holidayDays = new Set(value.holidays)
  const pack = { ...value, rules, digest, extended: null, holidayDays }
  if (faults.length === 0) faults.push(...faultsOfCases(pack))
  if (faults.length > 0) fail(faults.map(({ path, message, ...more }) => ({ ...where(path, more), message })))
  return pack
}

/**
 * A firm's own rules over a pack: the pack's rules all stand, the firm's come after them. Throws `PackError` where a rule
 * takes an id of the pack, a term is longer than the pack's, or the file is at fault in itself.
 */
export function extendPack(base: Pack, bytes: Uint8Array, file = 'firm pack'): Pack {
  const { value, fail, where } = readYaml(bytes, FirmPackText, file, packKind)
  const { rules, faults } = readRules(together(base, value))
  faults.push(...firmFaults(base, value))
  const pack = composed(base, value, rules, digestOf(bytes))
  if (faults.length === 0) faults.push(...faultsOfCases({ ...pack, rules }))
  if (faults.length > 0) fail(faults.map(({ path, message, ...more }) => ({ ...where(path, more), message })))
  return pack
}

/** Of both packs: what a firm's rule may name. */
const together = (base: Pack, firm: FirmPackText) => ({
  ...firm,
  texts: { ...base.texts, ...firm.texts },
  confirmations: [...base.confirmations, ...firm.confirmations],
})

function composed(base: Pack, value: FirmPackText, rules: readonly Rule[], firm: Digest): Pack {
  const { texts, confirmations, version, title } = together(base, value)
  const digests = { base: base.digest, firm }
  return {
    ...base,
    id: `${base.id}+${value.id}`,
    version,
    title,
    texts,
    confirmations,
    terms: { ...base.terms, ...definedOf(value.terms) },
    retention: value.retention ?? base.retention,
    rules: [...base.rules, ...rules],
    extended: digests,
    digest: digestOf(new TextEncoder().encode(compositionOf(digests))),
  }
}

/**
 * A pack that judged once, from its kept bytes: what is checked of a new pack beyond its form and its expressions is
 * not asked of it, for it may be older than the check. Only for judging again what it judged. Throws `PackError`.
 */
export function readKeptPack(bytes: Uint8Array): Pack {
  const { value, fail, where } = readYaml(bytes, KeptPackText, 'kept pack', packKind)
  const { rules, faults } = readRules(value, 'kept')
  if (faults.length > 0) fail(faults.map(({ path, message, ...more }) => ({ ...where(path, more), message })))
  return { ...value, rules, digest: digestOf(bytes), extended: null, holidayDays: new Set(value.holidays) }
}

/** The same of a firm's own rules over another. */
export function extendKeptPack(base: Pack, bytes: Uint8Array): Pack {
  const { value, fail, where } = readYaml(bytes, KeptFirmPackText, 'kept firm pack', packKind)
  const { rules, faults } = readRules(together(base, value), 'kept')
  if (faults.length > 0) fail(faults.map(({ path, message, ...more }) => ({ ...where(path, more), message })))
  return composed(base, value, rules, digestOf(bytes))
}

const digestOf = (bytes: Uint8Array): Digest => `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest

const definedOf = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, of]) => of !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }

/** Every rule that reads, and the faults of those that do not. */
function readRules(
  pack: Pick<PackText, 'rules' | 'texts' | 'confirmations'>,
  from: 'new' | 'kept' = 'new',
): {
  rules: Rule[]
  faults: PackFaultAt[]
} {
  const faults: PackFaultAt[] = [...faultsOfTexts(pack.texts)]
  // A text that holds itself would never end.
  if (faults.length > 0) return { rules: [], faults }
  const context = { texts: pack.texts, steps: new Map(pack.confirmations.map((step) => [step.id, step])) }
  const rules = pack.rules.flatMap((rule, index): Rule[] => {
    const read = readRule(rule, context, from)
    if ('rule' in read) return [read.rule]
    faults.push(
      ...read.faults.map((fault) => ({
        ...fault,
        path: ['rules', index, ...fault.path],
        message: `${rule.id}: ${fault.message}`,
      })),
    )
    return []
  })
  return { rules, faults }
}
