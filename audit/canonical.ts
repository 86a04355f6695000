import { decode, encode } from 'cborg'

/** What a canonical encoding refuses; `where` is a path of keys, never a value. */
export class CanonicalError extends Error {
  readonly code = 'not-canonical'
  constructor(where: string, what: string) {
    super(
      `${where}: ${what}; want integers within ±(2^53 − 1), well-formed text, bytes, arrays, maps, true, false, null`,
    )
    this.name = 'CanonicalError'
  }
}

const assertText = (text: string, where: string): void => {
  // A lone surrogate has no UTF-8: two different texts would get the same bytes.
  if (!text.isWellFormed()) throw new CanonicalError(where, 'text with a lone surrogate')
}

const assertObject = (value: object, where: string): void => {
  if (value instanceof Uint8Array) return
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) assertCanonical(value[i], `${where}[${i}]`)
    return
  }
  const tag = Object.prototype.toString.call(value)
  if (tag !== '[object Object]') throw new CanonicalError(where, `a value of type ${tag.slice(8, -1)}`)
  for (const [key, held] of Object.entries(value)) {
    assertText(key, where)
    assertCanonical(held, `${where}.${key}`)
  }
}

const assertCanonical = (value: unknown, where: string): void => {
  if (value === null || typeof value === 'boolean') return
  if (typeof value === 'string') assertText(value, where)
  else if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new CanonicalError(where, 'a number that is no safe integer')
  } else if (typeof value === 'object') assertObject(value, where)
  else throw new CanonicalError(where, `a value of type ${typeof value}`)
}

/**
 * Deterministic CBOR: RFC 8949 §4.2.1 (shortest heads, definite lengths, map keys in the bytewise order of their
 * encodings), without floats, tags and undefined. The same value gives the same bytes. Throws CanonicalError.
 * Keys are texts here, whose length stands first in their encoding, so cborg's own order (shorter first, then by bytes)
 * is that order, and it is made several times faster than by cborg's general sorter; a test holds the two together.
 */
export const encodeCanonical = (value: unknown): Uint8Array => {
  assertCanonical(value, 'value')
  return encode(value)
}

/** As `decodeCanonical`, without the check that costs as much again: for bytes that are known to be this program's own. */
export const decodeOwn = (bytes: Uint8Array): unknown => {
  try {
    return decode(bytes, {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowInfinity: false,
      allowNaN: false,
      allowBigInt: false,
      rejectDuplicateMapKeys: true,
    })
  } catch (error) {
    throw new CanonicalError('bytes', (error as Error).message)
  }
}

/** The value of canonical bytes; any other encoding of it, and anything after it, throws CanonicalError. */
export const decodeCanonical = (bytes: Uint8Array): unknown => {
  const value = decodeOwn(bytes)
  if (Buffer.compare(encodeCanonical(value), bytes) !== 0)
    throw new CanonicalError('bytes', 'not the canonical encoding')
  return value
}
