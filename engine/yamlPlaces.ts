import { type Document, type Scalar, isMap, isScalar } from 'yaml'

/** From line 1 and column 1. */
export type Place = { readonly line: number; readonly column: number }

/** What is at fault: the value at a path or, by `at`, its key; and how many characters into a text. */
export type FaultPlace = {
  readonly path: readonly PropertyKey[]
  readonly at?: 'key' | 'value'
  readonly offset?: number
}

/** From an offset of a text (UTF-16) to its line and column. */
export function locator(source: string): (offset: number) => Place {
  return (offset) => {
    const before = source.slice(0, offset).split('\n')
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
  }
}

/** Leads from a path within the value of a document to its place in the source, or to that of its nearest ancestor. */
export function placesIn(document: Document, source: string): (place: FaultPlace) => Place {
  const at = locator(source)
  return ({ path, at: part = 'value', offset }) => {
    const key = part === 'key' ? keyAt(document, path) : null
    if (key !== null) return at(key)
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true)
      const start = startOf(node)
      if (start === null) continue
      return at(
        offset !== undefined && length === path.length && isScalar(node) ? offsetIn(node, source, offset) : start,
      )
    }
    return at(startOf(document.contents) ?? 0)
  }
}

function keyAt(document: Document, path: readonly PropertyKey[]): number | null {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return null
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)))
  return startOf(pair?.key)
}

const startOf = (node: unknown): number | null =>
  (node as { range?: readonly [number, number, number] | null } | null | undefined)?.range?.[0] ?? null

/**
 * Offset in the source of the character at `offset` of a scalar's text. However a scalar is written, folded or not, the
 * characters that are no white space stand in the source in the same order, so they are counted. A text in double
 * quotes with escapes is not mapped: its beginning is given.
 */
function offsetIn(scalar: Scalar, source: string, offset: number): number {
  const [start, end] = scalar.range ?? [0, 0]
  const raw = source.slice(start, end)
  if (scalar.type === 'QUOTE_DOUBLE' && /\\[^"\\]/.test(raw)) return start
  let ahead = String(scalar.value).slice(0, offset).replace(/\s/g, '').length
  let last = bodyOf(scalar, raw)
  for (let position = last; position < raw.length; position++) {
    if (/\s/.test(raw.charAt(position))) continue
    if (ahead === 0) return start + position
    if (isEscaped(scalar, raw, position)) position++
    ahead--
    last = position + 1
  }
  return start + last
}

const isBlock = ({ type }: Scalar): boolean => type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL'
const isQuoted = ({ type }: Scalar): boolean => type === 'QUOTE_SINGLE' || type === 'QUOTE_DOUBLE'

/** Where the text begins: behind the header of a block, or the opening quote. */
const bodyOf = (scalar: Scalar, raw: string): number =>
  isBlock(scalar) ? raw.indexOf('\n') + 1 : isQuoted(scalar) ? 1 : 0

/** Two characters of the source stand for one of the text. */
const isEscaped = ({ type }: Scalar, raw: string, position: number): boolean =>
  (type === 'QUOTE_SINGLE' && raw.startsWith("''", position)) ||
  (type === 'QUOTE_DOUBLE' && raw.charAt(position) === '\\')
