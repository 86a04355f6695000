import { createHash } from 'node:crypto'
import { parseDocument } from 'yaml'
import { type Digest } from '../../features/schema/ids.js'
import { ExpressionFault, type Name, namesIn, parseExpression } from './expression.js'
import { type Pack, PackText, type Rule, type RuleText } from './pack.js'

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
  if (faults.length > 0) throw new PackError(file, faults)
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest
  return { ...parsed.data, rules, digest, holidayDays: new Set(parsed.data.holidays) }
}

type RuleFault = { readonly field: keyof RuleText; readonly message: string }

function readRule(rule: RuleText, duplicate: boolean): { rule: Rule } | { faults: readonly RuleFault[] } {
  const { blockUnless, ...rest } = rule
  const faults: RuleFault[] = []
  if (duplicate) faults.push({ field: 'id', message: 'the id is already taken by an earlier rule; give it another' })
  try {
    const expression = parseExpression(blockUnless)
    const names = namesIn(expression)
    faults.push(...ruleFaults(rule, names))
    if (faults.length === 0) return { rule: { ...rest, text: blockUnless, expression, names } }
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error
    faults.push({
      field: 'blockUnless',
      message: `line ${error.line}, column ${error.column} of the expression: ${error.message}`,
    })
  }
  return { faults }
}

function ruleFaults(rule: RuleText, names: readonly Name[]): readonly RuleFault[] {
  const faults: RuleFault[] = []
  const read = names.map((name) => `${name.entity}.${name.field}`)
  for (const input of Object.keys(rule.whenMissing))
    if (!read.includes(input))
      faults.push({ field: 'whenMissing', message: `the expression does not read ${input}; take it out` })
  if ((rule.refusal !== undefined || rule.effect === 'non-personal') && names.some((name) => name.entity === 'product'))
    faults.push({
      field: rule.effect === 'non-personal' ? 'effect' : 'refusal',
      message: 'only for a rule that reads no product',
    })
  for (const message of Object.values(rule.messages))
    for (const [, input] of message.matchAll(/\{([^}]*)\}/g))
      if (!read.includes(input ?? ''))
        faults.push({ field: 'messages', message: `{${input}} is not read by the expression` })
  return faults
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
