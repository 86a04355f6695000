/**
 * A canonical entry as JSON can hold it: big integers as numbers where those are exact, else as decimal text; bytes as
 * lower-case hexadecimal text; maps as objects. Everything else as it is.
 */
export function plainJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (typeof value !== 'object' || value === null) return value
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')
  if (Array.isArray(value)) return value.map(plainJson)
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(entries.map(([key, member]) => [String(key), plainJson(member)]))
}
