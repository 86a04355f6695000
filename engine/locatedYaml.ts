import { parseDocument } from 'yaml'
import { type z } from 'zod'

/** A fault and where in the file it stands, from line 1 and column 1. */
export type LocatedFault = { readonly line: number; readonly column: number; readonly message: string }

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

type Where = (path: readonly PropertyKey[]) => { line: number; column: number }

/** `where` leads from a path within the value to its place in the file; `fail` throws `LocatedError`. */
export type Located<T> = {
  readonly value: T
  readonly where: Where
  readonly fail: (faults: readonly LocatedFault[]) => never
}

/** A value of a schema from the bytes of YAML. Throws `LocatedError` with the place of each fault. */
export function readYaml<T>(bytes: Uint8Array, schema: z.ZodType<T>, file: string): Located<T> {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  const fail = (faults: readonly LocatedFault[]): never => {
    throw new LocatedError(file, faults)
  }
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: false })
  const at = locator(text)
  if (document.errors.length > 0)
    fail(document.errors.map((error) => ({ ...at(error.pos[0]), message: error.message })))
  const where: Where = (path) => at(offsetOf(document, path))
  const parsed = schema.safeParse(document.toJS())
  if (!parsed.success)
    return fail(
      parsed.error.issues.map((issue) => ({
        ...where(issue.path),
        message: `${issue.path.join('.')}: ${issue.message}`,
      })),
    )
  return { value: parsed.data, where, fail }
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
