import { wordsFor, writeBits } from './bitset.js'
import { type Ruled } from './compileRule.js'
import { type Verdicts } from './verdicts.js'

/** Stands where a rule's id stands, before the permitted bits. No rule's id has small letters. */
const permittedName = 'permitted'

/** What is kept of verdicts: all the rest follows from these. */
export type KeptVerdicts = Pick<Verdicts, 'blockedBy' | 'warnedBy' | 'permitted'>

/**
 * The canonical bytes of verdicts, of which their digest is the SHA-256: for each rule in force, in the pack's order,
 * its id, a zero byte and the bits that it blocks (little-endian words, bit i for ordinal i); the same for each that
 * warns; then `permitted`, a zero byte and the permitted bits.
 */
export function encodeVerdicts({ blockedBy, warnedBy, permitted }: KeptVerdicts): Uint8Array {
  const parts = [...blockedBy, ...warnedBy, { ruleId: permittedName, bits: permitted }]
  const bytes = new Uint8Array(parts.reduce((sum, { ruleId, bits }) => sum + ruleId.length + 1 + bits.byteLength, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const { ruleId, bits } of parts) {
    for (let index = 0; index < ruleId.length; index++) bytes[at++] = ruleId.charCodeAt(index)
    at++
    writeBits(bits, view, at)
    at += bits.byteLength
  }
  return bytes
}

/**
 * Reads back what `encodeVerdicts` wrote over a catalogue of `size` products. An id is blocked by once, so the first
 * that comes again begins the warnings. Throws on bytes that are not such, or of another size.
 */
export function decodeVerdicts(bytes: Uint8Array, size: number): KeptVerdicts {
  const parts = partsOf(bytes, size)
  const last = parts.pop()
  if (last?.ruleId !== permittedName) throw new Error(`verdicts of ${size} products end with the permitted bits`)
  const seen = new Set<string>()
  const again = parts.findIndex(({ ruleId }) => seen.size === seen.add(ruleId).size)
  const warnings = again < 0 ? parts.length : again
  return { blockedBy: parts.slice(0, warnings), warnedBy: parts.slice(warnings), permitted: last.bits }
}

function partsOf(bytes: Uint8Array, size: number): Ruled[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const words = wordsFor(size)
  const parts: Ruled[] = []
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at)
    if (end < 0 || end + 1 + words * 4 > bytes.length) throw new Error(`these are no verdicts of ${size} products`)
    const bits = Uint32Array.from({ length: words }, (_, word) => view.getUint32(end + 1 + word * 4, true))
    parts.push({ ruleId: new TextDecoder('ascii').decode(bytes.subarray(at, end)), bits })
    at = end + 1 + words * 4
  }
  return parts
}
