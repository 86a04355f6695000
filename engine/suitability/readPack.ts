import { createHash } from 'node:crypto'
import { parseDocument } from 'yaml'
import { type Digest } from '../../features/schema/ids.js'
import { type Pack, PackText, type Rule } from './pack.js'
import { packFaults } from './packFaults.js'
import { readRule } from './readRule.js'

export type PackFault = { readonly line: number; readonly column: number; readonly message: string }
export class PackError extends Error {
  constructor(
    readonly file: string,
    readonly faults: readonly PackFault[],
  ) {
    super(faults.map((fault) => `${file} line ${fault.line}, column ${fault.column}: ${fault.message}`).join('\n'))
    this.name = 'PackError'
  }
}

/**
 * Reads a rule pack from the bytes of its YAML; the digest is SHA-256 of those bytes. Throws `PackError` with line,
 * column and a sentence for every fault; half a pack is never returned.
 */
export function readPack(bytes: Uint8Array, file = 'pack'): Pack {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: false })
  const at = locator(text)
  if (document.errors.length > 0)
    throw new PackError(
      file,
      document.errors.map((error) => ({ ...at(error.pos[0]), message: error.message })),
    )
  const where = (path: readonly PropertyKey[]): { line: number; column: number } => at(offsetOf(document, path))
  const parsed = PackText.safeParse(document.toJS())
  if (!parsed.success)
    throw new PackError(
      file,
      parsed.error.issues.map((issue) => ({
        ...where(issue.path),
        message: `${issue.path.join('.')}: ${issue.message}`,
      })),
    )
  const faults: PackFault[] = []
  const rules = parsed.data.rules.flatMap((rule, index): Rule[] => {
    const read = readRule(rule, parsed.data.rules.findIndex((other) => other.id === rule.id) !== index)
    if ('rule' in read) return [read.rule]
    faults.push(
      ...read.faults.map(({ field, message }) => ({
        ...where(['rules', index, field]),
        message: `${rule.id}: ${message}`,
      })),
    )
    return []
  })
  faults.push(...packFaults(parsed.data, rules).map(({ path, message }) => ({ ...where(path), message })))
  if (faults.length > 0) throw new PackError(file, faults)
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest
  return { ...parsed.data, rules, digest, holidayDays: new Set(parsed.data.holidays) }
}

function locator(text: string): (offset: number) => { line: number; column: number } {
  return (offset) => {
    const before = text.slice(0, offset).split('\n')
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
  }
}

/** Offset of the node at a path, or of its nearest ancestor where the node itself is missing. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    const range = (node as { range?: readonly [number, number, number] } | null | undefined)?.range
    if (range) return range[0]
  }
  return 0
}
