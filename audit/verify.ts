import { isUtf8 } from 'node:buffer'
import { createPublicKey, hash, verify as verifySignature } from 'node:crypto'
import { createReadStream, existsSync, realpathSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/**
 * An independent reading of a ledger: one file, node's own modules alone, no line of the code that writes. It was
 * written from docs/ledger.md and the layout in storage/segmentFormat.ts, checks every byte, and never repairs. It is a
 * library, and a program by itself: `node verify.mjs --help`.
 */
export type Fault = {
  /** Name of the segment, checkpoint or key, without a folder. */
  readonly file: string
  readonly offset: number
  /** How many entries held before it. */
  readonly index: number
  readonly what: string
}
export type CheckedNote = { readonly file: string; readonly size: number | null; readonly holds: boolean }
export type Verification = {
  readonly segments: number
  readonly entries: number
  /** Chain over the entries that hold, hexadecimal. */
  readonly head: string
  /** Root of the Merkle tree over the entries that hold, base64. */
  readonly root: string
  /** How many entries the largest checkpoint that holds covers: those after it are signed by nobody. */
  readonly signed: number
  /** Whether the caller named the key, or it was taken from the ledger itself, which proves little. */
  readonly keyFrom: 'caller' | 'ledger' | null
  readonly checkpoints: readonly CheckedNote[]
  readonly faults: readonly Fault[]
}

const sha256 = (...parts: readonly Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer')

// ── The Merkle tree, RFC 9162 §2.1 ──

export const leafOf = (entry: Uint8Array): Buffer => sha256(Uint8Array.of(0), entry)
const nodeOf = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Uint8Array.of(1), left, right)

/** Roots of the full subtrees that make up a tree, left to right: one for each bit that is set in its size. */
export type Peaks = readonly Buffer[]

export function peaksAfter(peaks: Peaks, size: number, leaf: Buffer): Peaks {
  const grown = [...peaks]
  let node = leaf
  for (let rest = size; rest % 2 === 1; rest = half(rest)) node = nodeOf(grown.pop() ?? node, node)
  grown.push(node)
  return grown
}

export const rootOf = (peaks: Peaks): Buffer =>
  peaks.length === 0 ? sha256() : peaks.reduceRight((right, left) => nodeOf(left, right))

const half = (number: number): number => Math.floor(number / 2)

/** RFC 9162 §2.1.3.2. */
export function includes(root: Buffer, size: number, index: number, leaf: Buffer, path: readonly Buffer[]): boolean {
  if (index >= size) return false
  let [place, last, node] = [index, size - 1, leaf]
  for (const sibling of path) {
    if (last === 0) return false
    if (place % 2 === 1 || place === last) {
      node = nodeOf(sibling, node)
      for (; place % 2 === 0 && place !== 0; place = half(place)) last = half(last)
    } else node = nodeOf(node, sibling)
    ;[place, last] = [half(place), half(last)]
  }
  return last === 0 && node.equals(root)
}

/** RFC 9162 §2.1.4.2; from the empty tree every tree follows, by an empty proof. */
export function isConsistent(older: Head, newer: Head, proof: readonly Buffer[]): boolean {
  if (older.size > newer.size) return false
  if (older.size === newer.size) return proof.length === 0 && older.root.equals(newer.root)
  if (older.size === 0) return proof.length === 0 && older.root.equals(sha256())
  const isPowerOfTwo = Number.isInteger(Math.log2(older.size))
  const [first, ...rest] = isPowerOfTwo ? [older.root, ...proof] : proof
  if (first === undefined) return false
  let [place, last, oldNode, newNode] = [older.size - 1, newer.size - 1, first, first]
  for (; place % 2 === 1; place = half(place)) last = half(last)
  for (const sibling of rest) {
    if (last === 0) return false
    if (place % 2 === 1 || place === last) {
      ;[oldNode, newNode] = [nodeOf(sibling, oldNode), nodeOf(sibling, newNode)]
      for (; place % 2 === 0 && place !== 0; place = half(place)) last = half(last)
    } else newNode = nodeOf(newNode, sibling)
    ;[place, last] = [half(place), half(last)]
  }
  return last === 0 && oldNode.equals(older.root) && newNode.equals(newer.root)
}

// ── Entries: deterministic CBOR, RFC 8949 §4.2.1, without floats and tags ──

/** What a file says that it must not; the message names the place. */
class Malformed extends Error {}

const deepest = 32

/** The value of canonical bytes; maps as Map. Throws Malformed. */
function decodeCanonical(bytes: Buffer): unknown {
  let at = 0
  const fail = (what: string): never => {
    throw new Malformed(`byte ${at} of the entry: ${what}`)
  }
  /** Goes past so many bytes; where they begin. */
  const pass = (length: number): number => {
    if (length > bytes.length - at) fail('it ends too early')
    at += length
    return at - length
  }
  const argument = (info: number): number => {
    if (info < 24) return info
    if (info > 27) fail(info === 31 ? 'an indefinite length' : 'a reserved head')
    const width = 2 ** (info - 24)
    const from = pass(width)
    const value = width === 8 ? Number(bytes.readBigUInt64BE(from)) : bytes.readUIntBE(from, width)
    if (value < (width === 1 ? 24 : 2 ** (4 * width))) fail('a head that is not the shortest')
    return value
  }
  const safe = (value: number): number => (Number.isSafeInteger(value) ? value : fail('an integer beyond 2^53 − 1'))
  const text = (length: number): string => {
    const from = pass(length)
    for (let place = from; place < at; place++)
      if ((bytes[place] ?? 0) > 0x7f) {
        if (!isUtf8(bytes.subarray(place, at))) fail('text that is no UTF-8')
        return bytes.toString('utf8', from, at)
      }
    return bytes.toString('latin1', from, at)
  }
  const mapOf = (pairs: number, depth: number): Map<string, unknown> => {
    const map = new Map<string, unknown>()
    let [from, to] = [0, 0]
    for (let pair = 0; pair < pairs; pair++) {
      const start = at
      const key = valueAt(depth)
      if (typeof key !== 'string') return fail('a key that is no text')
      const order = pair === 0 ? 1 : bytes.compare(bytes, from, to, start, at)
      if (order <= 0) fail(order === 0 ? `the key ${JSON.stringify(key)} twice` : 'keys out of order')
      ;[from, to] = [start, at]
      map.set(key, valueAt(depth))
    }
    return map
  }
  const valueAt = (depth: number): unknown => {
    if (depth > deepest) fail(`nested deeper than ${deepest}`)
    const initial = bytes[pass(1)] ?? 0
    const [major, info] = [initial >> 5, initial & 31]
    if (major === 7) {
      if (info === 20 || info === 21) return info === 21
      return info === 22 ? null : fail('a float, undefined, or another simple value')
    }
    if (major === 6) fail('a tag')
    const given = argument(info)
    if (major === 0) return safe(given)
    if (major === 1) return safe(-1 - given)
    if (major === 2) return bytes.subarray(pass(given), at)
    if (major === 3) return text(given)
    if (major === 5) return mapOf(given, depth + 1)
    const items: unknown[] = []
    for (let item = 0; item < given; item++) items.push(valueAt(depth + 1))
    return items
  }
  const value = valueAt(0)
  if (at !== bytes.length) fail(`${bytes.length - at} bytes after its end`)
  return value
}

/** The field that holds an entry's id, by its type; other types have `entryId`. */
const idFields: ReadonlyMap<unknown, string> = new Map([
  ['decision', 'decisionId'],
  ['purchase-check', 'checkId'],
  ['purchase-confirmation', 'checkId'],
  ['assessment', 'assessmentId'],
  ['class-change', 'changeId'],
])

/** By what an entry is found. Throws Malformed where the bytes are not canonical, or no entry. */
function entryIdOf(bytes: Buffer): string {
  const entry = decodeCanonical(bytes)
  if (!(entry instanceof Map)) throw new Malformed('an entry that is no map')
  const [type, version] = [entry.get('type') as unknown, entry.get('v') as unknown]
  if (typeof type !== 'string' || typeof version !== 'number') throw new Malformed('an entry without type or v')
  const field = idFields.get(type) ?? 'entryId'
  const id = entry.get(field) as unknown
  if (typeof id !== 'string') throw new Malformed(`an entry of type ${JSON.stringify(type)} without ${field}`)
  if (type !== 'purchase-confirmation') return id
  const place = entry.get('place') as unknown
  if (typeof place !== 'number') throw new Malformed('a confirmation without its place')
  return `${id}.${place}`
}

/** A set of ids by the first 64 bits of their SHA-256: 11 to 22 bytes an id, so that a long ledger fits in memory. */
export class IdSet {
  private slots = new Uint32Array(2 * 1024)
  private count = 0

  /** False where it was there before. */
  add(id: string): boolean {
    const digest = sha256(Buffer.from(id))
    if (!this.place(digest.readUInt32LE(0), digest.readUInt32LE(4) || 1)) return false
    this.count += 1
    if (this.count * 8 > this.slots.length * 3) this.grow()
    return true
  }

  /** The second word of a slot that is taken is never 0. */
  private place(first: number, second: number): boolean {
    const { slots } = this
    let slot = (2 * first) % slots.length
    for (; slots[slot + 1] !== 0; slot = (slot + 2) % slots.length)
      if (slots[slot] === first && slots[slot + 1] === second) return false
    slots.set([first, second], slot)
    return true
  }

  private grow(): void {
    const before = this.slots
    this.slots = new Uint32Array(2 * before.length)
    for (let slot = 0; slot < before.length; slot += 2)
      if (before[slot + 1] !== 0) this.place(before[slot] ?? 0, before[slot + 1] ?? 0)
  }
}

// ── Segments: storage/segmentFormat.ts ──

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1
  return crc
})

/** CRC-32 of ISO-HDLC, as in PNG and gzip. By a table of its own: node has one from 20.15 on alone. */
function crc32(...parts: readonly Uint8Array[]): number {
  let crc = 0xffff_ffff
  for (const part of parts)
    for (let at = 0; at < part.length; at++) crc = (crcTable[(crc ^ (part[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8)
  return ~crc >>> 0
}

/** What has been read and holds so far, and the first fault after it. */
export type Reading = {
  readonly entries: number
  readonly chain: Buffer
  readonly peaks: Peaks
  readonly faults: readonly Fault[]
}
/** Before the first segment. */
export const nothingRead: Reading = { entries: 0, chain: Buffer.alloc(32), peaks: [], faults: [] }

const headerLength = 60
const headLength = 48

function headerFault(bytes: Buffer, number: number, { entries, chain }: Reading): string | null {
  if (bytes.length < headerLength) return `a header of ${bytes.length} bytes, want ${headerLength}`
  if (bytes.toString('latin1', 0, 8) !== 'APTUSLOG') return 'the file does not begin with APTUSLOG'
  if (crc32(bytes.subarray(0, 56)) !== bytes.readUInt32BE(56)) return 'the header does not match its CRC'
  if (bytes.readUInt16BE(8) !== 1 || bytes.readUInt16BE(10) !== headerLength)
    return 'a format version that is not known'
  if (bytes.readUInt32BE(12) !== number) return `segment number ${bytes.readUInt32BE(12)}, want ${number}`
  if (bytes.readBigUInt64BE(16) !== BigInt(entries)) return `first index ${bytes.readBigUInt64BE(16)}, want ${entries}`
  if (!bytes.subarray(24, 56).equals(chain)) return 'it does not follow from the segment before it'
  return null
}

export type Watch = (reading: Reading) => void

/** Goes through one segment as its bytes come; stops at its first fault. */
export class SegmentCheck {
  private waiting: Buffer = Buffer.alloc(0)
  private offset = 0
  private uncommitted = 0
  private reading: Reading

  constructor(
    before: Reading,
    private readonly number: number,
    private readonly file: string,
    private readonly ids: IdSet,
    private readonly watch: Watch,
  ) {
    this.reading = before
    if (Number(file.slice(0, 8)) !== number) this.fault(`segment number ${number} is missing before it`)
  }

  get failed(): boolean {
    return this.reading.faults.length > 0
  }

  push(chunk: Buffer): void {
    if (this.failed) return
    this.waiting = this.waiting.length === 0 ? chunk : Buffer.concat([this.waiting, chunk])
    let at = 0
    for (let length = this.next(at); length !== null && !this.failed; length = this.next(at)) {
      at += length
      this.offset += length
    }
    this.waiting = this.waiting.subarray(at)
  }

  finish(): Reading {
    if (this.failed) return this.reading
    if (this.offset === 0) this.fault(`a header of ${this.waiting.length} bytes, want ${headerLength}`)
    else if (this.waiting.length > 0) this.fault(`${this.waiting.length} bytes that are no whole record`)
    else if (this.uncommitted > 0) this.fault(`${this.uncommitted} entries after the last commit marker`)
    return this.reading
  }

  private fault(what: string): void {
    const { file, offset, reading } = this
    this.reading = { ...reading, faults: [{ file, offset, index: reading.entries, what }] }
  }

  /** Checks what begins at `at` of the waiting bytes: resolves to its length, or null where more bytes must come. */
  private next(at: number): number | null {
    const rest = this.waiting.subarray(at)
    if (this.offset === 0) {
      if (rest.length < headerLength) return null
      const what = headerFault(rest, this.number, this.reading)
      if (what !== null) this.fault(what)
      return headerLength
    }
    if (rest.length < headLength) return null
    const length = headLength + rest.readUIntBE(1, 3)
    if (rest.length < length) return null
    const what = this.record(rest.subarray(0, length))
    if (what !== null) this.fault(what)
    return length
  }

  /** Takes a whole record in, or says what is wrong with it. */
  private record(bytes: Buffer): string | null {
    const [kind, body] = [bytes[0], bytes.subarray(headLength)]
    const [index, stated] = [bytes.readBigUInt64BE(4), bytes.subarray(12, 44)]
    const { entries, chain } = this.reading
    if (crc32(bytes.subarray(0, 44), body) !== bytes.readUInt32BE(44)) return 'the record does not match its CRC'
    if (index !== BigInt(entries)) return `index ${index}, want ${entries}`
    if (kind === 1) return this.entry(body, stated)
    if (kind !== 2) return `a record of unknown kind ${kind}`
    if (body.length > 0) return 'a commit marker with a body'
    if (!stated.equals(chain)) return 'the commit marker names another chain'
    this.uncommitted = 0
    return null
  }

  private entry(body: Buffer, stated: Buffer): string | null {
    const { entries, chain, peaks } = this.reading
    const leaf = leafOf(body)
    const next = sha256(Uint8Array.of(2), chain, leaf)
    if (!next.equals(stated)) return 'the entry does not follow from the chain before it'
    try {
      const id = entryIdOf(body)
      if (!this.ids.add(id)) return `the entry id ${JSON.stringify(id)} a second time`
    } catch (error) {
      if (error instanceof Malformed) return error.message
      throw error
    }
    this.reading = { entries: entries + 1, chain: next, peaks: peaksAfter(peaks, entries, leaf), faults: [] }
    this.uncommitted += 1
    this.watch(this.reading)
    return null
  }
}

/** Goes on from what was read before with segment `number`; ids are told twice within the segment alone. */
export function verifySegment(before: Reading, number: number, file: string, bytes: Buffer): Reading {
  const check = new SegmentCheck(before, number, file, new IdSet(), () => undefined)
  check.push(bytes)
  return check.finish()
}

type OnProgress = (bytesDone: number, bytesTotal: number) => void

/** Streams all segments through; ends at the first fault, for nothing that follows can be trusted to stand in its place. */
async function readLog(dir: string, watch: Watch, onProgress: OnProgress): Promise<Reading & { segments: number }> {
  const names = (await readdir(dir)).filter((name) => /^\d{8}\.seg$/.test(name)).sort()
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(dir, name))).size))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const ids = new IdSet()
  let [reading, done] = [nothingRead, 0]
  for (const [place, name] of names.entries()) {
    const check = new SegmentCheck(reading, place + 1, name, ids, watch)
    // No more than it holds: a buffer is made anew for each segment, and small ones are many.
    const highWaterMark = Math.min(Math.max(sizes[place] ?? 0, 2 ** 12), 2 ** 20)
    for await (const chunk of createReadStream(join(dir, name), { highWaterMark })) {
      check.push(chunk as Buffer)
      if (check.failed) break
      onProgress((done += (chunk as Buffer).length), total)
    }
    reading = check.finish()
    if (check.failed) break
  }
  return { ...reading, segments: names.length }
}

// ── Checkpoints: C2SP signed-note, tlog-checkpoint; verifier keys as Go's note package writes them ──

type VerifierKey = { readonly name: string; readonly id: Buffer; readonly raw: Buffer }
export type Head = { readonly size: number; readonly root: Buffer }

/** Standard base64 with padding, and no other text of the same bytes. */
function fromBase64(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') !== text) throw new Malformed(`${what} is no base64`)
  return bytes
}

function hashFrom(text: string, what: string): Buffer {
  const bytes = fromBase64(text, what)
  if (bytes.length !== 32) throw new Malformed(`${what} has ${bytes.length} bytes, want 32`)
  return bytes
}

/** A decimal without leading zeros, as far as it is exact. */
function decimalFrom(text: string, what: string): number {
  if (!/^(0|[1-9]\d{0,15})$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new Malformed(`${what} is no decimal number without leading zeros`)
  return Number(text)
}

const keyIdOf = (name: string, raw: Uint8Array): Buffer =>
  sha256(Buffer.from(`${name}\n`), Uint8Array.of(1), raw).subarray(0, 4)

/** Whether a text looks like a verifier key, and not like the name of a file that holds one. */
export const isVkey = (text: string): boolean => /^[^+\s]+\+[0-9a-f]{8}\+\S+$/.test(text)

/** NAME+HASH+BASE64. Throws Malformed. */
function parseVkey(text: string): VerifierKey {
  const [, name = '', stated = '', encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim()) ?? []
  if (name === '') throw new Malformed('no verifier key: want NAME+HASH+BASE64')
  const bytes = fromBase64(encoded, 'the verifier key')
  if (bytes.length !== 33 || bytes[0] !== 1) throw new Malformed('a verifier key that is not of Ed25519')
  const raw = bytes.subarray(1)
  const id = keyIdOf(name, raw)
  if (id.toString('hex') !== stated)
    throw new Malformed(`a verifier key whose hash is ${id.toString('hex')}, not ${stated}`)
  return { name, id, raw }
}

const largestNote = 1_000_000
const mostSignatures = 100

/** The text of a note that the key has signed; signatures of other keys are passed over. Throws Malformed. */
function openNote(note: Buffer, key: VerifierKey): string {
  if (note.length > largestNote) throw new Malformed(`a note of more than ${largestNote} bytes`)
  if (!isUtf8(note) || /[\0-\x09\x0b-\x1f]/.test(note.toString('utf8')))
    throw new Malformed('a note that is no UTF-8, or has control characters')
  const whole = note.toString('utf8')
  const split = whole.lastIndexOf('\n\n')
  if (split === -1 || !whole.endsWith('\n')) throw new Malformed('a note without signature lines')
  const text = whole.slice(0, split + 1)
  const lines = whole.slice(split + 2, -1).split('\n')
  if (lines.length > mostSignatures) throw new Malformed(`more than ${mostSignatures} signatures`)
  const ours = lines.map(signatureFrom).filter(({ name, id }) => name === key.name && id.equals(key.id))
  if (ours.length > 1) throw new Malformed('two signatures of the same key')
  const [signature] = ours
  if (signature === undefined) throw new Malformed('it is not signed by the trusted key')
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.raw.toString('base64url') }
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' })
  if (!verifySignature(null, Buffer.from(text), publicKey, signature.bytes))
    throw new Malformed('its signature does not hold')
  return text
}

function signatureFrom(line: string): { readonly name: string; readonly id: Buffer; readonly bytes: Buffer } {
  const [, name = '', encoded = ''] = /^— ([^+\s]+) (\S+)$/.exec(line) ?? []
  if (name === '') throw new Malformed('a line after the text that is no signature')
  const bytes = fromBase64(encoded, 'a signature')
  if (bytes.length < 5) throw new Malformed('a signature without a key id')
  return { name, id: bytes.subarray(0, 4), bytes: bytes.subarray(4) }
}

/** What a checkpoint says, once its signature holds. Throws Malformed. */
function openCheckpoint(note: Buffer, key: VerifierKey): Head {
  const [origin, size = '', root = '', end, ...more] = openNote(note, key).split('\n')
  if (end !== '' || more.length > 0) throw new Malformed('a checkpoint of other than three lines')
  if (origin !== key.name) throw new Malformed('the origin is not that of the key')
  return { size: decimalFrom(size, 'the tree size'), root: hashFrom(root, 'the root hash') }
}

// ── The whole ledger ──

/** A file that the caller has kept, and its name for messages. */
export type Kept = { readonly name: string; readonly bytes: Buffer }
export type Trusted = {
  /** The verifier key that the caller trusts, as text. */
  readonly vkey?: string | undefined
  /** Checkpoints kept elsewhere: without one a rollback of the whole directory does not show. */
  readonly checkpoints?: readonly Kept[]
}

const contentOf = (path: string): Promise<Buffer | null> =>
  readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })

const ignoreProgress: OnProgress = () => undefined

/** The segments of a ledger's `log/` alone: each entry is as it was written, in its place. Nothing of it is signed. */
export async function verifyLog(dir: string, onProgress: OnProgress = ignoreProgress): Promise<Verification> {
  const { segments, entries, chain, peaks, faults } = await readLog(dir, () => undefined, onProgress)
  const [head, root] = [chain.toString('hex'), rootOf(peaks).toString('base64')]
  return { segments, entries, head, root, signed: 0, keyFrom: null, checkpoints: [], faults }
}

const noteFault = (file: string, what: string): Fault => ({ file, offset: 0, index: 0, what })

/** The key to go by, and what is wrong with it. */
function keyFrom(own: Buffer | null, given: string | undefined): { key: VerifierKey | null; faults: readonly Fault[] } {
  const fault = (what: string) => ({ key: null, faults: [noteFault('ledger.vkey', what)] })
  try {
    const ofLedger = own === null ? null : parseVkey(own.toString('utf8'))
    if (given === undefined) return { key: ofLedger, faults: [] }
    const key = parseVkey(given)
    if (ofLedger !== null && (ofLedger.name !== key.name || !ofLedger.raw.equals(key.raw)))
      return { key, faults: fault('the ledger names another key than the one that you trust').faults }
    return { key, faults: [] }
  } catch (error) {
    if (error instanceof Malformed) return fault(error.message)
    throw error
  }
}

type Watched = { readonly file: string; readonly head: Head | null; readonly fault: Fault | null; holds: boolean }

function watchedFrom({ name, bytes }: Kept, key: VerifierKey | null): Watched {
  try {
    if (key === null) throw new Malformed('there is no key to verify it with')
    return { file: name, head: openCheckpoint(bytes, key), fault: null, holds: false }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    return { file: name, head: null, fault: noteFault(name, error.message), holds: false }
  }
}

/** What is wrong with a checkpoint once the log was read; null too where the log's own fault came before its size. */
function mismatchOf({ file, head, fault, holds }: Watched, { entries, faults }: Reading): Fault | null {
  if (head === null || holds) return fault
  if (head.size <= entries)
    return {
      ...noteFault(file, `another root at size ${head.size}: the log is not the one that was signed`),
      index: head.size,
    }
  if (faults.length > 0) return null
  return {
    ...noteFault(file, `the log has ${entries} entries, ${head.size} were signed: some are gone`),
    index: entries,
  }
}

/**
 * A ledger's folder: every byte of its segments, its own checkpoint and key, and what the caller has kept elsewhere.
 * Memory: one record, and about 20 bytes an entry for the ids.
 */
export async function verifyLedger(
  dir: string,
  { vkey, checkpoints = [] }: Trusted = {},
  onProgress: OnProgress = ignoreProgress,
): Promise<Verification> {
  // Before the segments, which a running server lets grow.
  const own = await contentOf(join(dir, 'checkpoint'))
  const ownKey = await contentOf(join(dir, 'ledger.vkey'))
  const { key, faults: ofKey } = keyFrom(ownKey, vkey)
  const kept = [...(own === null ? [] : [{ name: 'checkpoint', bytes: own }]), ...checkpoints]
  const watched = kept.map((each) => watchedFrom(each, key))
  const compare = ({ entries, peaks }: Reading): void => {
    for (const each of watched) if (each.head?.size === entries) each.holds = rootOf(peaks).equals(each.head.root)
  }
  compare(nothingRead)
  const reading = await readLog(join(dir, 'log'), compare, onProgress)
  const ofNotes = watched.map((each) => mismatchOf(each, reading)).filter((fault) => fault !== null)
  return {
    segments: reading.segments,
    entries: reading.entries,
    head: reading.chain.toString('hex'),
    root: rootOf(reading.peaks).toString('base64'),
    signed: watched.reduce((most, { head, holds }) => (holds ? Math.max(most, head?.size ?? 0) : most), 0),
    keyFrom: key === null ? null : vkey === undefined ? 'ledger' : 'caller',
    checkpoints: watched.map(({ file, head, holds }) => ({ file, size: head?.size ?? null, holds })),
    faults: [...reading.faults, ...ofKey, ...ofNotes],
  }
}

// ── Proofs, without the log ──

export type Checked<T> = T | { readonly fault: string }

const checked = <T>(work: () => T): Checked<T> => {
  try {
    return work()
  } catch (error) {
    if (error instanceof Malformed) return { fault: error.message }
    throw error
  }
}

/** One entry's bytes and its C2SP tlog-proof. */
export const verifyProof = (
  proof: Buffer,
  entry: Buffer,
  vkey: string,
): Checked<{ readonly entryId: string; readonly index: number; readonly size: number }> =>
  checked(() => {
    const whole = proof.toString('utf8')
    const split = whole.indexOf('\n\n')
    if (!isUtf8(proof) || split === -1) throw new Malformed('no tlog-proof: it has no checkpoint')
    const [version, ...lines] = whole.slice(0, split).split('\n')
    if (version !== 'c2sp.org/tlog-proof@v1') throw new Malformed('no tlog-proof of version 1')
    if (lines[0]?.startsWith('extra ') === true) fromBase64(lines.shift()?.slice(6) ?? '', 'the extra data')
    const [place = '', ...hashes] = lines
    if (!place.startsWith('index ')) throw new Malformed('a tlog-proof without an index')
    const index = decimalFrom(place.slice(6), 'the index')
    const { size, root } = openCheckpoint(Buffer.from(whole.slice(split + 2)), parseVkey(vkey))
    const path = hashes.map((hash) => hashFrom(hash, 'a hash of the proof'))
    if (!includes(root, size, index, leafOf(entry), path))
      throw new Malformed(`the entry is not proved to be entry ${index} of ${size}`)
    return { entryId: entryIdOf(entry), index, size }
  })

/** That a later checkpoint goes on from an earlier one; `proof`: hashes in base64, in the order of RFC 9162. */
export const verifyConsistency = (
  older: Buffer,
  newer: Buffer,
  proof: readonly string[],
  vkey: string,
): Checked<{ readonly from: number; readonly to: number }> =>
  checked(() => {
    const key = parseVkey(vkey)
    const [from, to] = [openCheckpoint(older, key), openCheckpoint(newer, key)]
    const path = proof.map((hash) => hashFrom(hash, 'a hash of the proof'))
    if (!isConsistent(from, to, path))
      throw new Malformed(`size ${to.size} is not proved to go on from size ${from.size}`)
    return { from: from.size, to: to.size }
  })

// ── By itself ──

const usage = `node verify.mjs DIR [--vkey KEY] [--checkpoint FILE …] [--json]
    every byte of a ledger's folder DIR; FILE: a checkpoint that you have kept
node verify.mjs --proof FILE.tlog-proof --entry FILE.entry --vkey KEY
    one entry
node verify.mjs --old FILE --new FILE --consistency FILE --vkey KEY
    that one checkpoint goes on from another; the last file holds the proof's hashes
KEY: a verifier key NAME+HASH+BASE64, or a file that holds it. Exit 0: all holds; 1: it does not; 2: wrong usage.
`

class Usage extends Error {}

async function read(path: string): Promise<Buffer> {
  const bytes = await contentOf(path)
  if (bytes === null) throw new Usage(`there is no file ${basename(path)}`)
  return bytes
}

const vkeyFrom = async (given: string): Promise<string> =>
  isVkey(given) ? given : (await read(given)).toString('utf8')

/** Hashes as JSON {hashes: [...]}, or one a line. */
function hashesFrom(text: string): readonly string[] {
  if (!text.trimStart().startsWith('{')) return text.split('\n').filter((line) => line !== '')
  const { hashes } = JSON.parse(text) as { hashes?: unknown }
  if (!Array.isArray(hashes) || !hashes.every((hash) => typeof hash === 'string')) throw new Usage('no list of hashes')
  return hashes
}

/** What was found, in words. */
export function verificationInWords({ segments, entries, root, signed, keyFrom, faults }: Verification): string {
  if (faults.length > 0)
    return faults
      .map(({ file, offset, index, what }) => `${file} offset ${offset}, after entry ${index}: ${what}`)
      .join('\n')
  const key =
    keyFrom === 'ledger' ? '; the key is the ledger’s own word: compare it with one that you got elsewhere' : ''
  return `${entries} entries in ${segments} segments hold, ${signed} of them signed${key}\nroot ${root}`
}

export type Said = { readonly exitCode: 0 | 1 | 2; readonly stdout: string; readonly stderr: string }
type Answer = { readonly value: object; readonly words: string; readonly holds: boolean }

async function folderAnswer(dir: string, vkey: string | undefined, kept: readonly string[]): Promise<Answer> {
  if (!existsSync(join(dir, 'log'))) throw new Usage('the folder has no log/ in it: want a ledger, or a copy of one')
  const checkpoints = await Promise.all(kept.map(async (path) => ({ name: basename(path), bytes: await read(path) })))
  const verification = await verifyLedger(dir, { vkey, checkpoints }, (done, total) => {
    if (process.stderr.isTTY)
      process.stderr.write(`\r${Math.floor((100 * done) / total)} % ${done === total ? '\n' : ''}`)
  })
  const holds = verification.faults.length === 0
  return { value: verification, words: verificationInWords(verification), holds }
}

const answerOf = <T extends object>(found: Checked<T>, words: (found: T) => string): Answer =>
  'fault' in found
    ? { value: found, words: `it does not hold: ${String(found.fault)}`, holds: false }
    : { value: found, words: words(found), holds: true }

async function main(args: readonly string[]): Promise<Said> {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const given = { vkey: text, proof: text, entry: text, old: text, new: text, consistency: text }
  const options = { ...given, checkpoint: { type: 'string', multiple: true }, json: flag, help: flag } as const
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options })
  if (values.help === true) return { exitCode: 0, stdout: usage, stderr: '' }
  const { value, words, holds } = await answer(values, positionals)
  const stdout = values.json === true ? `${JSON.stringify(value)}\n` : `${words}\n`
  return { exitCode: holds ? 0 : 1, stdout, stderr: '' }
}

type Given = { readonly [name in 'vkey' | 'proof' | 'entry' | 'old' | 'new' | 'consistency']?: string }

async function answer(given: Given & { readonly checkpoint?: string[] }, dirs: readonly string[]): Promise<Answer> {
  const vkey = given.vkey === undefined ? undefined : await vkeyFrom(given.vkey)
  const [dir, ...more] = dirs
  if (dir !== undefined && more.length === 0) return folderAnswer(dir, vkey, given.checkpoint ?? [])
  if (dir !== undefined || vkey === undefined) throw new Usage('want one folder, or a proof and --vkey')
  if (given.proof !== undefined && given.entry !== undefined) {
    const found = verifyProof(await read(given.proof), await read(given.entry), vkey)
    return answerOf(found, ({ entryId, index, size }) => `${entryId} is entry ${index} of the ${size} that are signed`)
  }
  if (given.old === undefined || given.new === undefined || given.consistency === undefined)
    throw new Usage('want --proof and --entry, or --old, --new and --consistency')
  const hashes = hashesFrom((await read(given.consistency)).toString('utf8'))
  const found = verifyConsistency(await read(given.old), await read(given.new), hashes, vkey)
  return answerOf(found, ({ from, to }) => `the ${to} entries go on from the ${from}`)
}

/** A system's own message would name a path of the machine: its code is enough. */
function reasonOf(error: unknown): string {
  if (error instanceof Usage) return `${error.message}\n${usage}`
  const { code, message, syscall } = error as NodeJS.ErrnoException
  if (code?.startsWith('ERR_PARSE_ARGS') === true) return `${message}\n${usage}`
  return syscall === undefined ? `${message}\n` : `reading failed (${code ?? 'unknown error'})\n`
}

/** What the program says to a command line. */
export const runVerifier = (args: readonly string[]): Promise<Said> =>
  main(args).catch((error: unknown) => ({ exitCode: 2, stdout: '', stderr: reasonOf(error) }))

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { exitCode, stdout, stderr } = await runVerifier(process.argv.slice(2))
  process.stdout.write(stdout)
  process.stderr.write(stderr)
  process.exitCode = exitCode
}
