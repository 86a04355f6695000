import { type Document, type YAMLError, isAlias, parseDocument, visit } from 'yaml'
import { type z } from 'zod'
import { schemaFaults } from './schemaFaults.js'
import { type FaultPlace, type Place, locator, placesIn } from './yamlPlaces.js'

/** A fault and where in the file it stands, from line 1 and column 1. */
export type LocatedFault = Place & { readonly message: string }

/** A file that cannot be read as what it should be, with every fault that was found. */
export class LocatedError extends Error {
  constructor(
    readonly file: string,
    readonly faults: readonly LocatedFault[],
  ) {
    super(faults.map((fault) => `${file} line ${fault.line}, column ${fault.column}: ${fault.message}`).join('\n'))
    this.name = 'LocatedError'
  }
}

/** How a file of a kind is known from any other: one of these fields stands at its top; and what to say otherwise. */
export type KindOfFile = { readonly fields: readonly string[]; readonly otherwise: string }

/** `where` leads from what is at fault to its place in the file; `fail` throws `LocatedError`. */
export type Located<T> = {
  readonly value: T
  readonly where: (path: readonly PropertyKey[], more?: Omit<FaultPlace, 'path'>) => Place
  readonly fail: (faults: readonly LocatedFault[]) => never
}

/** A value of a schema from the bytes of YAML. Throws `LocatedError` with the place of each fault. */
export function readYaml<T>(bytes: Uint8Array, schema: z.ZodType<T>, file: string, kind?: KindOfFile): Located<T> {
  const fail = (faults: readonly LocatedFault[]): never => {
    throw new LocatedError(file, faults)
  }
  const source = new TextDecoder('utf-8').decode(bytes)
  const at = locator(source)
  const broken = source.indexOf('\ufffd')
  const document = parseDocument(source, { uniqueKeys: true, prettyErrors: false })
  if (kind !== undefined && (source.includes('\0') || !looksLike(kind, source)))
    return fail([{ line: 1, column: 1, message: kind.otherwise }])
  if (broken >= 0) return fail([{ ...at(broken), message: 'these bytes are no UTF-8; save the file in that encoding' }])
  if (document.errors.length > 0)
    return fail(document.errors.map((error) => ({ ...at(error.pos[0]), message: sentenceOf(error, source) })))
  const alias = aliasIn(document)
  if (alias !== null) return fail([{ ...at(alias), message: 'aliases are not read; write out what is meant' }])
  const place = placesIn(document, source)
  const given: unknown = document.toJS()
  const parsed = schema.safeParse(given)
  if (!parsed.success)
    return fail(schemaFaults(parsed.error.issues, given).map(({ message, ...found }) => ({ ...place(found), message })))
  return { value: parsed.data, where: (path, more = {}) => place({ path, ...more }), fail }
}

const looksLike = ({ fields }: KindOfFile, source: string): boolean =>
  new RegExp(`(?:^|[{,])\\s*["']?(?:${fields.join('|')})["']?\\s*:`, 'm').test(source)

/** An alias may hold itself, or grow beyond all bounds. */
function aliasIn(document: Document): number | null {
  let found: number | null = null
  visit(document, (_, node) => {
    if (!isAlias(node)) return undefined
    found = node.range?.[0] ?? 0
    return visit.BREAK
  })
  return found
}

function sentenceOf({ code, message, pos: [from] }: YAMLError, source: string): string {
  const key = /^["']?([^"':\s]*)/.exec(source.slice(from))?.[1] ?? ''
  if (code === 'DUPLICATE_KEY') return `the field ${key} stands here twice; take one of them out`
  if (code === 'MULTIPLE_DOCS') return 'a file is one document; take out all from this line on'
  if (code === 'TAB_AS_INDENT') return 'a tab cannot indent; use spaces'
  return `no YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}; correct what stands here`
}
