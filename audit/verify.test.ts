import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from '../storage/crc32.js'
import {
  checkpointOf,
  consistencyOf,
  forgeSegments,
  inclusionOf,
  leafOf,
  recordsOf,
  rootOf,
  signatureLine,
  type Signer,
  textOf,
  vkeyOf,
} from '../tests/forgedLedger.js'
import { randomDecision } from '../tests/randomDecisions.js'
import { seeded } from '../tests/randomMarket.js'
import { decodeCanonical, encodeCanonical } from './canonical.js'
import * as verifier from './verify.js'

const { nothingRead, verifyConsistency, verifyLedger, verifyProof, verifySegment } = verifier

test('it needs nothing but node', async () => {
  const source = await readFile('audit/verify.ts', 'utf8')
  const imports = [...source.matchAll(/\bfrom '([^']+)'|\bimport\(/g)].map(([, name]) => name)
  expect(imports.length).toBeGreaterThan(4)
  expect(imports.filter((name) => name?.startsWith('node:') !== true)).toEqual([])
})

describe('the Merkle tree', () => {
  /** Leaves and roots of Certificate Transparency's own tests: merkle_tree_test.cc of google/certificate-transparency. */
  const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
  const roots = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ]

  test('published roots of 0 to 8 leaves', () => {
    let peaks: verifier.Peaks = []
    const found = [verifier.rootOf(peaks).toString('hex')]
    for (const [size, input] of inputs.entries()) {
      peaks = verifier.peaksAfter(peaks, size, verifier.leafOf(Buffer.from(input, 'hex')))
      found.push(verifier.rootOf(peaks).toString('hex'))
    }
    expect(found).toEqual(roots)
  })

  const leaves = Array.from({ length: 70 }, (_, place) => leafOf(Buffer.from(`entry ${place}`)))
  const upTo = (size: number) => leaves.slice(0, size)
  const other = leafOf(Buffer.from('another'))

  test('each proof of inclusion holds, for its own index, size, leaf and path alone', () => {
    let held = 0
    for (let size = 1; size <= leaves.length; size += size < 20 ? 1 : 7)
      for (let index = 0; index < size; index++) {
        const [root, leaf, path] = [rootOf(upTo(size)), leaves[index]!, inclusionOf(index, upTo(size))]
        const holds = (...changed: Partial<Parameters<typeof verifier.includes>>): boolean => {
          const honest = [root, size, index, leaf, path] as const
          return verifier.includes(...(honest.map((each, place) => changed[place] ?? each) as unknown as typeof honest))
        }
        held += holds() ? 1 : 0
        const wrong = [
          holds(other),
          holds(undefined, 2 * size),
          holds(undefined, undefined, size),
          holds(undefined, undefined, undefined, other),
          holds(undefined, undefined, undefined, undefined, [...path, other]),
          size > 1 && holds(undefined, undefined, (index + 1) % size),
          size > 1 && holds(undefined, undefined, undefined, undefined, path.slice(1)),
          size > 1 && holds(undefined, undefined, undefined, undefined, [...path.slice(0, -1), other]),
        ]
        expect({ size, index, wrong }).toEqual({ size, index, wrong: wrong.map(() => false) })
      }
    expect(held).toBe(190 + 20 + 27 + 34 + 41 + 48 + 55 + 62 + 69)
  })

  test('each proof of consistency holds, for its own sizes, roots and path alone', () => {
    for (let to = 1; to <= leaves.length; to += to < 20 ? 1 : 7)
      for (let from = 1; from < to; from++) {
        const [older, newer] = [from, to].map((size) => ({ size, root: rootOf(upTo(size)) }))
        const proof = consistencyOf(from, upTo(to))
        expect(verifier.isConsistent(older!, newer!, proof)).toBe(true)
        const wrong = [
          verifier.isConsistent(older!, { ...newer!, size: 2 * to }, proof),
          verifier.isConsistent({ ...older!, root: other }, newer!, proof),
          verifier.isConsistent(older!, { ...newer!, root: other }, proof),
          verifier.isConsistent(newer!, older!, proof),
          verifier.isConsistent(older!, newer!, proof.slice(1)),
          verifier.isConsistent(older!, newer!, []),
          verifier.isConsistent(older!, newer!, [...proof, other]),
          verifier.isConsistent(older!, newer!, [...proof.slice(0, -1), other]),
        ]
        expect({ from, to, wrong }).toEqual({ from, to, wrong: wrong.map(() => false) })
      }
  })

  test('from the empty tree, and to itself, a tree goes on by an empty proof alone', () => {
    const [empty, one, two] = [0, 1, 2].map((size) => ({ size, root: rootOf(upTo(size)) }))
    expect(verifier.isConsistent(empty!, two!, [])).toBe(true)
    expect(verifier.isConsistent({ ...empty!, root: other }, two!, [])).toBe(false)
    expect(verifier.isConsistent(empty!, two!, [other])).toBe(false)
    expect(verifier.isConsistent(one!, one!, [])).toBe(true)
    expect(verifier.isConsistent(one!, one!, [other])).toBe(false)
    expect(verifier.isConsistent(one!, { ...one!, root: other }, [])).toBe(false)
  })
})

const marker = { kind: 2, body: Buffer.alloc(0) }
const entryOf = (entryId: string, more: object = {}): Buffer =>
  Buffer.from(encodeCanonical({ v: 1, type: 'test', entryId, ...more }))
/** A segment of these entries, in which all but the entries is as it must be. */
const segmentOf = (bodies: readonly Buffer[]): Buffer =>
  forgeSegments([[...bodies.map((body) => ({ kind: 1, body })), marker]])[0]!
const faultOf = (bytes: Buffer): string | undefined =>
  verifySegment(nothingRead, 1, '00000001.seg', bytes).faults[0]?.what

describe('segments whose CRCs are right', () => {
  const honest = segmentOf([entryOf('a'), entryOf('b')])
  const [first, , end] = recordsOf(honest).map(({ from }) => from)
  /** Other bytes at an offset of the header or of the record that begins at `from`, and its CRC made right again. */
  function patched(from: number, at: number, bytes: readonly number[]): Buffer {
    const changed = Buffer.from(honest)
    changed.set(bytes, from + at)
    const [head, to] = from === 0 ? [56, 60] : [44, from + 48 + changed.readUIntBE(from + 1, 3)]
    const crc = crc32(changed.subarray(from, from + head))
    changed.writeUInt32BE(from === 0 ? crc : crc32(changed.subarray(from + 48, to), crc), from + head)
    return changed
  }

  /** One bit changed, and no CRC made right again. */
  const flipped = (at: number): Buffer => Buffer.from(honest.map((byte, place) => (place === at ? byte ^ 1 : byte)))

  test('it is held to be sound when nothing was patched', () => {
    expect(patched(0, 0, []).equals(honest)).toBe(true)
    expect(patched(first!, 0, []).equals(honest)).toBe(true)
    expect(verifySegment(nothingRead, 1, '00000001.seg', honest)).toMatchObject({ entries: 2, faults: [] })
  })

  test.each<[string, Buffer, string]>([
    ['another magic', patched(0, 0, [0x61]), 'does not begin with APTUSLOG'],
    ['another version', patched(0, 9, [2]), 'a format version that is not known'],
    ['another header length', patched(0, 11, [64]), 'a format version that is not known'],
    ['another number', patched(0, 15, [2]), 'segment number 2, want 1'],
    ['another first index', patched(0, 23, [1]), 'first index 1, want 0'],
    ['another chain before it', patched(0, 40, [1]), 'it does not follow from the segment before it'],
    ['another kind', patched(first!, 0, [3]), 'a record of unknown kind 3'],
    ['another index', patched(first!, 11, [1]), 'index 1, want 0'],
    ['another chain after an entry', patched(first!, 20, [1]), 'does not follow from the chain before it'],
    ['another index of the marker', patched(end!, 11, [1]), 'index 1, want 2'],
    ['another chain of the marker', patched(end!, 20, [1]), 'the commit marker names another chain'],
    ['an entry for a marker', patched(first!, 0, [2]), 'a commit marker with a body'],
    ['a marker for an entry', patched(end!, 0, [1]), 'does not follow from the chain before it'],
    ['a bit of the header', flipped(30), 'the header does not match its CRC'],
    ['a bit of an entry', flipped(first! + 50), 'the record does not match its CRC'],
    ['no marker', honest.subarray(0, end), '2 entries after the last commit marker'],
    ['half a record', honest.subarray(0, honest.length - 1), '47 bytes that are no whole record'],
    ['half a header', honest.subarray(0, 59), 'a header of 59 bytes, want 60'],
    ['nothing in it', Buffer.alloc(0), 'a header of 0 bytes, want 60'],
    ['more after it', Buffer.concat([honest, Buffer.alloc(10)]), '10 bytes that are no whole record'],
  ])('%s is told', (_, bytes, what) => expect(faultOf(bytes)).toContain(what))

  test('a file of another number is told, and one whose number is missing before it', async () => {
    expect(verifySegment(nothingRead, 1, '00000002.seg', honest).faults[0]?.what).toBe(
      'segment number 1 is missing before it',
    )
    await inFolder(async (dir) => {
      await mkdir(join(dir, 'log'))
      expect(await verifyLedger(dir)).toMatchObject({ segments: 0, entries: 0, signed: 0, keyFrom: null, faults: [] })
      await writeFile(join(dir, 'log', '00000002.seg'), honest)
      expect((await verifyLedger(dir)).faults).toEqual([
        { file: '00000002.seg', offset: 0, index: 0, what: 'segment number 1 is missing before it' },
      ])
    })
  })

  test('it comes in pieces of any length', () => {
    for (const length of [1, 7, 59, 61, 200]) {
      const check = new verifier.SegmentCheck(nothingRead, 1, '00000001.seg', new verifier.IdSet(), () => undefined)
      for (let from = 0; from < honest.length; from += length) check.push(honest.subarray(from, from + length))
      expect(check.finish()).toEqual(verifySegment(nothingRead, 1, '00000001.seg', honest))
    }
  })
})

describe('entries', () => {
  const head = { v: '617601', type: '647479706564746573 74'.replace(' ', ''), id: '67656e74727949646161' }
  const entry = (pairs: string, count = 4): Buffer =>
    Buffer.from(`a${count.toString(16)}${pairs}`.replaceAll(' ', ''), 'hex')
  /** {"a": VALUE, "v": 1, "type": "test", "entryId": "a"} */
  const holding = (value: string): Buffer => entry(`6161${value}${head.v}${head.type}${head.id}`)

  test.each<[string, Buffer]>([
    ['an integer', holding('1818')],
    ['the largest', holding('1b001fffffffffffff')],
    ['the smallest', holding('3b001ffffffffffffe')],
    ['text beyond ASCII', holding('63e4b8ad')],
    ['32 lists, one in another', holding('81'.repeat(31) + '01')],
    ['bytes, a list, a map, true, false, null', holding('86 4101 80 a0 f5 f4 f6')],
  ])('%s is taken', (_, bytes) => {
    expect(faultOf(segmentOf([bytes]))).toBeUndefined()
    expect(() => decodeCanonical(bytes)).not.toThrow()
  })

  test.each<[string, Buffer, string]>([
    ['a float', holding('f93c00'), 'a float, undefined, or another simple value'],
    ['undefined', holding('f7'), 'a float, undefined, or another simple value'],
    ['a tag', holding('c001'), 'a tag'],
    ['an indefinite length', holding('9f01ff'), 'an indefinite length'],
    ['a reserved head', holding('1c'), 'a reserved head'],
    ['an integer in two bytes for one', holding('1817'), 'not the shortest'],
    ['in three for two', holding('1900ff'), 'not the shortest'],
    ['in five for three', holding('1a0000ffff'), 'not the shortest'],
    ['in nine for five', holding('1b00000000ffffffff'), 'not the shortest'],
    ['a length in two bytes for one', holding('780161'), 'not the shortest'],
    ['2^53', holding('1b0020000000000000'), 'an integer beyond'],
    ['−2^53', holding('3b001fffffffffffff'), 'an integer beyond'],
    ['a lone surrogate', holding('63eda080'), 'no UTF-8'],
    ['an overlong encoding', holding('62c081'), 'no UTF-8'],
    ['a text that ends too early', holding('7a7fffffff'), 'it ends too early'],
    ['a list that ends too early', holding('9affffffff'), 'it ends too early'],
    ['a key twice', entry(`6161016161 02${head.v}${head.type}${head.id}`, 5), 'the key "a" twice'],
    ['keys out of order', entry(`${head.v}616101${head.type}${head.id}`), 'keys out of order'],
    ['a longer key first', entry(`${head.type}${head.v}${head.id}`, 3), 'keys out of order'],
    ['a key that is no text', entry(`0101${head.v}${head.type}${head.id}`), 'a key that is no text'],
    ['bytes after its end', Buffer.concat([holding('01'), Buffer.of(0)]), '1 bytes after its end'],
    ['lists in lists without end', holding('81'.repeat(40) + '01'), 'nested deeper than 32'],
    ['maps in maps without end', holding('a16161'.repeat(40) + '01'), 'nested deeper than 32'],
    ['no v', entry(`${head.type}${head.id}`, 2), 'without type or v'],
    [
      'a confirmation without its place',
      Buffer.from(encodeCanonical({ v: 1, type: 'purchase-confirmation', checkId: 'x' })),
      'a confirmation without its place',
    ],
    ['nothing', Buffer.alloc(0), 'it ends too early'],
    ['a list', Buffer.from('80', 'hex'), 'no map'],
    ['no type', entry(`${head.v}${head.id}`, 2), 'without type or v'],
    ['no id', entry(`${head.v}${head.type}`, 2), 'without entryId'],
  ])('%s is refused', (_, bytes, what) => expect(faultOf(segmentOf([bytes]))).toContain(what))

  test('bytes at random in a real entry: it takes those that the writer would have written, and no others', () => {
    const { decision } = randomDecision(3)
    const honest = Buffer.from(encodeCanonical({ v: 1, type: 'test', entryId: 'a', decision }))
    const random = seeded(8)
    let [taken, refused] = [0, 0]
    for (let round = 0; round < 4000; round++) {
      const changed = Buffer.from(honest)
      changed[Math.floor(random() * changed.length)] = Math.floor(random() * 256)
      const fault = faultOf(segmentOf([changed]))
      const isCanonical = fault === undefined || !/ of the entry: /.test(fault)
      let writes = true
      try {
        decodeCanonical(changed)
      } catch {
        writes = false
      }
      expect({ hex: changed.toString('hex'), isCanonical }).toEqual({
        hex: changed.toString('hex'),
        isCanonical: writes,
      })
      if (writes) taken += 1
      else refused += 1
    }
    expect(Math.min(taken, refused)).toBeGreaterThan(200)
  })

  test.each<[string, object, object]>([
    ['entries', { entryId: 'x' }, { entryId: 'x' }],
    ['a decision and a check', { type: 'decision', decisionId: 'x' }, { type: 'purchase-check', checkId: 'x' }],
    [
      'two confirmations',
      { type: 'purchase-confirmation', checkId: 'x', place: 1 },
      { type: 'purchase-confirmation', checkId: 'x', place: 1, at: 5 },
    ],
    ['an assessment and a change', { type: 'assessment', assessmentId: 'x' }, { type: 'class-change', changeId: 'x' }],
  ])('the same id twice is told: %s', (_, first, second) => {
    const bodies = [first, second].map((each) => Buffer.from(encodeCanonical({ v: 1, type: 'test', ...each })))
    expect(faultOf(segmentOf(bodies))).toMatch(/^the entry id "x(\.1)?" a second time$/)
  })

  test('two confirmations of one check are two entries', () => {
    const bodies = [1, 2].map((place) =>
      Buffer.from(encodeCanonical({ v: 1, type: 'purchase-confirmation', checkId: 'x', place })),
    )
    expect(faultOf(segmentOf(bodies))).toBeUndefined()
  })

  test('ids are told twice over segments, and among many', async () => {
    await inFolder(async (dir) => {
      const many = Array.from({ length: 5000 }, (_, place) => entryOf(`id-${place}`, { more: 'x'.repeat(400) }))
      const parts = [many.slice(0, 2500), many.slice(2500), [entryOf('id-7')]]
      const segments = forgeSegments(parts.map((bodies) => [...bodies.map((body) => ({ kind: 1, body })), marker]))
      await mkdir(join(dir, 'log'))
      for (const [place, bytes] of segments.entries())
        await writeFile(join(dir, 'log', `0000000${place + 1}.seg`), bytes)
      await writeFile(join(dir, 'log', 'x00000004.seg'), 'no segment')
      const progress: (readonly number[])[] = []
      const { entries, faults } = await verifyLedger(dir, {}, (...told) => progress.push(told))
      expect(entries).toBe(5000)
      // The last segment's fault ends it.
      const total = Buffer.concat(segments).length
      expect(progress.length).toBeGreaterThan(2)
      expect(progress.at(-1)).toEqual([total - segments[2]!.length, total])
      expect(faults).toEqual([
        { file: '00000003.seg', offset: 60, index: 5000, what: 'the entry id "id-7" a second time' },
      ])
    })
  })
})

async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-verify-'))
  try {
    return await work(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

const signer: Signer = { name: 'aptus.invalid/ledger/0123456789abcdef', ...generateKeyPairSync('ed25519') }
const witness: Signer = { name: 'witness.invalid', ...generateKeyPairSync('ed25519') }
const vkey = vkeyOf(signer)
const entries = Array.from({ length: 11 }, (_, place) => entryOf(`entry-${place}`))
const leaves = entries.map(leafOf)
const headOf = (size: number): Buffer => checkpointOf(signer, size, rootOf(leaves.slice(0, size)))

describe('notes', () => {
  const text = textOf(signer.name, 11, rootOf(leaves))
  const line = signatureLine(text, signer)
  const foreign = signatureLine(text, witness)

  /** What is wrong with the ledger of eleven entries under this checkpoint and key. */
  const faultsUnder = (note: string | Buffer, key = vkey): Promise<readonly string[]> =>
    inFolder(async (dir) => {
      await mkdir(join(dir, 'log'))
      await writeFile(join(dir, 'log', '00000001.seg'), segmentOf(entries))
      await writeFile(join(dir, 'checkpoint'), note)
      return (await verifyLedger(dir, { vkey: key })).faults.map(({ what }) => what)
    })

  test.each<[string, string]>([
    ['one signature', `${text}\n${line}`],
    ['a witness before it', `${text}\n${foreign}${line}`],
    ['a witness after it, and again', `${text}\n${line}${foreign}${foreign}`],
    ['a line of a witness’s that does not hold', `${text}\n${line}${signatureLine('other\n', witness)}`],
    ['a known key id under another name', `${text}\n${line.replace(signer.name, 'other.invalid')}${line}`],
    ['a known name with another key', `${text}\n${signatureLine('x\n', { ...witness, name: signer.name })}${line}`],
  ])('%s is enough', async (_, note) => expect(await faultsUnder(note)).toEqual([]))

  test.each<[string, string | Buffer, string]>([
    ['no signature', text, 'a note without signature lines'],
    ['none of the trusted key', `${text}\n${foreign}`, 'it is not signed by the trusted key'],
    ['one of its id under another name', `${text}\n${line.replace(signer.name, 'x')}`, 'not signed by the trusted key'],
    ['one over another text', `${text}\n${signatureLine(`${text}x\n`, signer)}`, 'its signature does not hold'],
    ['two of the trusted key', `${text}\n${line}${line}`, 'two signatures of the same key'],
    ['a line that is none', `${text}\n${line}signed, me\n`, 'a line after the text that is no signature'],
    ['a hyphen for the dash', `${text}\n${line.replace('—', '-')}`, 'a line after the text that is no signature'],
    ['no newline at its end', `${text}\n${line}`.slice(0, -1), 'a note without signature lines'],
    ['base64 without padding', `${text}\n${line.replace(/=+\n/, '\n')}`, 'a signature is no base64'],
    ['a word before the dash', `${text}\n${line.replace('—', 'x—')}`, 'a line after the text that is no signature'],
    ['a word after it', `${text}\n— x AAAAAAAAAA== y\n${line}`, 'a line after the text that is no signature'],
    ['a signature of three bytes', `${text}\n— x AAAA\n${line}`, 'a signature without a key id'],
    ['base64 with bits to spare', `${text}\n— x AAAAAAB=\n${line}`, 'a signature is no base64'],
    ['a carriage return', `${text}\n${line}`.replaceAll('\n', '\r\n'), 'a note that is no UTF-8'],
    ['no UTF-8', Buffer.concat([Buffer.from(`${text}\n${line}`), Buffer.of(0xff)]), 'a note that is no UTF-8'],
    ['101 signatures', `${text}\n${line}${foreign.repeat(100)}`, 'more than 100 signatures'],
    ['a megabyte', `${'x'.repeat(1_000_000)}\n\n${line}`, 'a note of more than'],
  ])('%s is refused', async (_, note, what) => expect(await faultsUnder(note)).toEqual([expect.stringContaining(what)]))

  const signed = (changed: string): string => `${changed}\n${signatureLine(changed, signer)}`
  test.each<[string, string, string]>([
    ['an origin of another', text.replace(signer.name, witness.name), 'the origin is not that of the key'],
    ['a fourth line', `${text}more\n`, 'a checkpoint of other than three lines'],
    ['an empty line at its end', `${text}\n`, 'a checkpoint of other than three lines'],
    ['a size with a zero before it', text.replace('\n11\n', '\n011\n'), 'the tree size is no decimal'],
    ['a size with a sign', text.replace('\n11\n', '\n+11\n'), 'the tree size is no decimal'],
    ['a size beyond 2^53', text.replace('\n11\n', '\n9007199254740993\n'), 'the tree size is no decimal'],
    ['another root of the same size', textOf(signer.name, 11, leaves[0]!), 'another root at size 11'],
    ['a short root', textOf(signer.name, 11, Buffer.alloc(31)), 'the root hash has 31 bytes'],
  ])('signed, but with %s, it is refused', async (_, changed, what) =>
    expect(await faultsUnder(signed(changed))).toEqual([expect.stringContaining(what)]),
  )

  test.each<[string, string, string]>([
    ['no key', 'nonsense', 'no verifier key'],
    ['a hash of another', vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+'), 'a verifier key whose hash is'],
    ['another algorithm', `x+00000000+${Buffer.alloc(33, 2).toString('base64')}`, 'not of Ed25519'],
    ['a word before it', `my ${vkey}`, 'no verifier key'],
    ['a word after it', `${vkey} mine`, 'no verifier key'],
    ['a short key', `x+00000000+${Buffer.alloc(20, 1).toString('base64')}`, 'not of Ed25519'],
    ['no base64', 'x+00000000+AQ', 'the verifier key is no base64'],
  ])('a verifier key that is %s is refused', async (_, key, what) =>
    expect((await faultsUnder(`${text}\n${line}`, key))[0]).toContain(what),
  )

  test('a ledger that names another key than the trusted one, or none, is told', () =>
    inFolder(async (dir) => {
      await mkdir(join(dir, 'log'))
      await writeFile(join(dir, 'log', '00000001.seg'), segmentOf(entries))
      await writeFile(join(dir, 'checkpoint'), `${text}\n${line}`)
      const faults = async (trusted: verifier.Trusted) =>
        (await verifyLedger(dir, trusted)).faults.map(({ file, what }) => `${file}: ${what}`)
      expect(await faults({})).toEqual(['checkpoint: there is no key to verify it with'])
      const other = 'ledger.vkey: the ledger names another key than the one that you trust'
      for (const named of [{ ...witness, name: signer.name }, { ...signer, name: witness.name }, witness]) {
        await writeFile(join(dir, 'ledger.vkey'), vkeyOf(named))
        expect(await faults({ vkey })).toEqual([other])
      }
      await writeFile(join(dir, 'ledger.vkey'), 'nonsense')
      expect(await faults({ vkey })).toContainEqual(expect.stringMatching(/^ledger\.vkey: no verifier key/))
    }))

  test('a checkpoint beyond a fault of the log is not told of beside it', () =>
    inFolder(async (dir) => {
      await mkdir(join(dir, 'log'))
      await writeFile(join(dir, 'log', '00000001.seg'), segmentOf(entries.slice(0, 5)).subarray(0, -1))
      await writeFile(join(dir, 'checkpoint'), `${text}\n${line}`)
      const { faults, checkpoints } = await verifyLedger(dir, { vkey })
      expect(faults.map(({ file }) => file)).toEqual(['00000001.seg'])
      expect(checkpoints).toEqual([{ file: 'checkpoint', size: 11, holds: false }])
    }))
})

describe('proofs without the log', () => {
  const proofOf = (index: number, size: number, changed: (lines: string[]) => string[] = (lines) => lines): Buffer => {
    const path = inclusionOf(index, leaves.slice(0, size)).map((hash) => hash.toString('base64'))
    const lines = changed(['c2sp.org/tlog-proof@v1', `index ${index}`, ...path])
    return Buffer.concat([Buffer.from(`${lines.join('\n')}\n\n`), headOf(size)])
  }
  const refused = (what: string) => ({ fault: expect.stringContaining(what) as string })

  test('an entry’s, for every entry of every size', () => {
    for (let size = 1; size <= 11; size++)
      for (let index = 0; index < size; index++)
        expect(verifyProof(proofOf(index, size), entries[index]!, vkey)).toEqual({
          entryId: `entry-${index}`,
          index,
          size,
        })
  })

  test('extra data are passed over', () => {
    const proof = proofOf(3, 11, ([version = '', ...lines]) => [version, 'extra AAAA', ...lines])
    expect(verifyProof(proof, entries[3]!, vkey)).toMatchObject({ index: 3 })
    const none = proofOf(3, 11, ([version = '', ...lines]) => [version, 'extra !', ...lines])
    expect(verifyProof(none, entries[3]!, vkey)).toEqual(refused('the extra data is no base64'))
  })

  test('another entry, index, key, version or shape is refused', () => {
    const proof = proofOf(3, 11)
    expect(verifyProof(proof, entries[4]!, vkey)).toEqual(refused('not proved to be entry 3 of 11'))
    const moved = proofOf(3, 11, (lines) => lines.map((line) => line.replace('index 3', 'index 2')))
    expect(verifyProof(moved, entries[3]!, vkey)).toEqual(refused('not proved to be entry 2 of 11'))
    expect(verifyProof(proof, entries[3]!, vkeyOf(witness))).toEqual(refused('not signed by the trusted key'))
    expect(verifyProof(proof.subarray(1), entries[3]!, vkey)).toEqual(refused('no tlog-proof of version 1'))
    expect(verifyProof(headOf(11), entries[3]!, vkey)).toEqual(refused('no tlog-proof of version 1'))
    expect(verifyProof(Buffer.from('x'), entries[3]!, vkey)).toEqual(refused('no tlog-proof: it has no checkpoint'))
    const noIndex = proofOf(3, 11, (lines) => lines.filter((line) => !line.startsWith('index')))
    expect(verifyProof(noIndex, entries[3]!, vkey)).toEqual(refused('a tlog-proof without an index'))
    const zero = proofOf(3, 11, (lines) => lines.map((line) => line.replace('index 3', 'index 03')))
    expect(verifyProof(zero, entries[3]!, vkey)).toEqual(refused('the index is no decimal'))
  })

  test('bytes that are proved and no canonical entry are refused', () => {
    const bytes = Buffer.from('f93c00', 'hex')
    const note = checkpointOf(signer, 1, leafOf(bytes))
    const proof = Buffer.concat([Buffer.from('c2sp.org/tlog-proof@v1\nindex 0\n\n'), note])
    expect(verifyProof(proof, bytes, vkey)).toEqual(refused('a float'))
  })

  test('that one checkpoint goes on from another', () => {
    const proof = consistencyOf(6, leaves).map((hash) => hash.toString('base64'))
    expect(verifyConsistency(headOf(6), headOf(11), proof, vkey)).toEqual({ from: 6, to: 11 })
    expect(verifyConsistency(headOf(5), headOf(11), proof, vkey)).toEqual(refused('not proved to go on from size 5'))
    expect(verifyConsistency(headOf(11), headOf(6), proof, vkey)).toEqual(refused('not proved'))
    expect(verifyConsistency(headOf(6), headOf(11), proof, vkeyOf(witness))).toEqual(refused('not signed'))
    const fork = checkpointOf(signer, 6, leafOf(entries[0]!))
    expect(verifyConsistency(fork, headOf(11), proof, vkey)).toEqual(refused('size 11 is not proved'))
  })
})
