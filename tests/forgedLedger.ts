import { createHash, type KeyObject, sign } from 'node:crypto'
import { crc32 } from '../storage/crc32.js'

/**
 * What an attacker would write who knows the formats (docs/ledger.md, storage/segmentFormat.ts): segments whose CRCs,
 * chain and markers are all right, trees, proofs and notes. Naive on purpose; no code of audit/'s.
 */
const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

/** One record of a segment; a marker (kind 2) has no body. */
export type RawRecord = { readonly kind: number; readonly body: Buffer }

/** The records of a segment's bytes, and where each lies in them. */
export function recordsOf(bytes: Buffer): readonly (RawRecord & { readonly from: number; readonly to: number })[] {
  const records: (RawRecord & { from: number; to: number })[] = []
  for (let from = 60; from < bytes.length; from = records.at(-1)!.to) {
    const to = from + 48 + bytes.readUIntBE(from + 1, 3)
    records.push({ kind: bytes[from]!, body: bytes.subarray(from + 48, to), from, to })
  }
  return records
}

const headOf = (kind: number, body: Buffer, index: number, chain: Buffer): Buffer => {
  const head = Buffer.alloc(48)
  head[0] = kind
  head.writeUIntBE(body.length, 1, 3)
  head.writeBigUInt64BE(BigInt(index), 4)
  head.set(chain, 12)
  head.writeUInt32BE(crc32(body, crc32(head.subarray(0, 44))), 44)
  return head
}

const segmentHeader = (number: number, index: number, chain: Buffer): Buffer => {
  const header = Buffer.alloc(60)
  header.write('APTUSLOG', 'latin1')
  header.writeUInt16BE(1, 8)
  header.writeUInt16BE(60, 10)
  header.writeUInt32BE(number, 12)
  header.writeBigUInt64BE(BigInt(index), 16)
  header.set(chain, 24)
  header.writeUInt32BE(crc32(header.subarray(0, 56)), 56)
  return header
}

/** Segments of these records, in which nothing but a tree's root can show that they are forged. */
export function forgeSegments(segments: readonly (readonly RawRecord[])[]): readonly Buffer[] {
  let [index, chain]: [number, Buffer] = [0, Buffer.alloc(32)]
  return segments.map((records, place) => {
    const parts = [segmentHeader(place + 1, index, chain)]
    for (const { kind, body } of records) {
      if (kind === 1) chain = sha256(Uint8Array.of(2), chain, sha256(Uint8Array.of(0), body))
      parts.push(headOf(kind, body, index, chain), body)
      if (kind === 1) index += 1
    }
    return Buffer.concat(parts)
  })
}

export const leafOf = (entry: Uint8Array): Buffer => sha256(Uint8Array.of(0), entry)

/** The largest power of two below n. */
const splitOf = (n: number): number => {
  let split = 1
  while (split * 2 < n) split *= 2
  return split
}

const node = (left: Buffer, right: Buffer): Buffer => sha256(Uint8Array.of(1), left, right)

/** MTH of RFC 9162 §2.1.1, over leaves' hashes. */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  if (leaves.length < 2) return leaves[0] ?? sha256()
  const k = splitOf(leaves.length)
  return node(rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)))
}

/** PATH of RFC 9162 §2.1.3.1. */
export function inclusionOf(index: number, leaves: readonly Buffer[]): readonly Buffer[] {
  if (leaves.length === 1) return []
  const k = splitOf(leaves.length)
  return index < k
    ? [...inclusionOf(index, leaves.slice(0, k)), rootOf(leaves.slice(k))]
    : [...inclusionOf(index - k, leaves.slice(k)), rootOf(leaves.slice(0, k))]
}

/** PROOF of RFC 9162 §2.1.4.1, 0 < from < the number of leaves. */
export const consistencyOf = (from: number, leaves: readonly Buffer[]): readonly Buffer[] =>
  subproofOf(from, leaves, true)

function subproofOf(from: number, leaves: readonly Buffer[], isWhole: boolean): readonly Buffer[] {
  if (from === leaves.length) return isWhole ? [] : [rootOf(leaves)]
  const k = splitOf(leaves.length)
  return from <= k
    ? [...subproofOf(from, leaves.slice(0, k), isWhole), rootOf(leaves.slice(k))]
    : [...subproofOf(from - k, leaves.slice(k), false), rootOf(leaves.slice(0, k))]
}

const rawKeyOf = (publicKey: KeyObject): Buffer => publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
const keyIdOf = (name: string, raw: Buffer): Buffer =>
  sha256(Buffer.from(`${name}\n`), Uint8Array.of(1), raw).subarray(0, 4)

export type Signer = { readonly name: string; readonly publicKey: KeyObject; readonly privateKey: KeyObject }

export function vkeyOf({ name, publicKey }: Signer): string {
  const raw = rawKeyOf(publicKey)
  return `${name}+${keyIdOf(name, raw).toString('hex')}+${Buffer.concat([Uint8Array.of(1), raw]).toString('base64')}`
}

export function signatureLine(text: string, { name, publicKey, privateKey }: Signer): string {
  const bytes = Buffer.concat([keyIdOf(name, rawKeyOf(publicKey)), sign(null, Buffer.from(text), privateKey)])
  return `— ${name} ${bytes.toString('base64')}\n`
}

export const textOf = (origin: string, size: number, root: Buffer): string =>
  `${origin}\n${size}\n${root.toString('base64')}\n`

/** A checkpoint of a size and a root that the key's holder may choose as he likes. */
export function checkpointOf(signer: Signer, size: number, root: Buffer): Buffer {
  const text = textOf(signer.name, size, root)
  return Buffer.from(`${text}\n${signatureLine(text, signer)}`)
}
