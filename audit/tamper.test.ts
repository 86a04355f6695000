import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DecisionId, FirmId, InvestorId } from '../features/schema/ids.js'
import {
  checkpointOf,
  forgeSegments,
  leafOf,
  type RawRecord,
  recordsOf,
  rootOf,
  type Signer,
  vkeyOf,
} from '../tests/forgedLedger.js'
import { counted } from '../tests/full.js'
import { randomDecision } from '../tests/randomDecisions.js'
import { seeded } from '../tests/randomMarket.js'
import { openRecord } from './record.js'
import { nothingRead, type Trusted, type Verification, verifyLedger, verifySegment } from './verify.js'

/**
 * Every single change of a ledger of 1,000 entries, counted: all are found. `Clever` changes are written by somebody
 * who knows the formats and makes CRCs, chain and markers right again, so that nothing but what was signed shows them.
 */
const size = 1000
const random = seeded(5)
const below = (n: number): number => Math.floor(random() * n)

let dir: string
let ledger: string
/** The honest segments, and their records. */
let honest: readonly Buffer[]
let records: readonly (readonly RawRecord[])[]
let entries: readonly Buffer[]
/** The ledger's own key and checkpoint: an attacker may hold them too. */
let signer: Signer
let trusted: Trusted
let signed: Buffer

const nameOf = (place: number): string => `${String(place + 1).padStart(8, '0')}.seg`
const logOf = (folder: string): string => join(folder, 'log')

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aptus-tamper-'))
  ledger = join(dir, 'ledger')
  const record = await openRecord(ledger, join(dir, 'persons'), { rotateBytes: 20_000 })
  for (let from = 0; from < size; from += 10)
    await Promise.all(
      Array.from({ length: 10 }, (_, place) => {
        const { decision, investor, context } = randomDecision(from + place)
        const investorId = InvestorId.parse(`investor-${(from + place) % 97}`)
        const whose = { firmId: FirmId.parse('default'), investorId, decisionId: DecisionId.parse(`d-${from + place}`) }
        return record.append(decision, investor, { ...context, exclude: [...context.exclude] }, whose)
      }),
    )
  signed = Buffer.from((await record.ledger.checkpoint()).note)
  trusted = { vkey: record.ledger.vkey }
  await record.close()
  const privateKey = createPrivateKey(await readFile(join(dir, 'ledger.key')))
  signer = { name: record.ledger.vkey.split('+')[0]!, privateKey, publicKey: createPublicKey(privateKey) }
  const names = (await readdir(logOf(ledger))).filter((name) => name.endsWith('.seg')).sort()
  honest = await Promise.all(names.map((name) => readFile(join(logOf(ledger), name))))
  records = honest.map((bytes) => recordsOf(bytes).map(({ kind, body }) => ({ kind, body })))
  entries = records.flat().flatMap(({ kind, body }) => (kind === 1 ? [body] : []))
  await reset()
}, 120_000)
afterAll(() => rm(dir, { recursive: true, force: true }))

/** A copy of the ledger, in which the tests change things. */
let copy: string
const reset = async (): Promise<void> => {
  copy = join(dir, 'copy')
  await rm(copy, { recursive: true, force: true })
  await mkdir(logOf(copy), { recursive: true })
  await writeFile(join(copy, 'checkpoint'), signed)
  await writeFile(join(copy, 'ledger.vkey'), `${vkeyOf(signer)}\n`)
  for (const [place, bytes] of honest.entries()) await writeFile(join(logOf(copy), nameOf(place)), bytes)
}

/** What the verifier says of the copy with these segments in place of the honest ones; the copy is honest again after. */
async function verdictOn(segments: readonly Buffer[], given = trusted): Promise<Verification> {
  const changed = honest.map((bytes, place) => ({ place, bytes, forged: segments[place] }))
  const others = changed.filter(({ bytes, forged }) => forged === undefined || !forged.equals(bytes))
  for (const { place, forged } of others)
    await (forged === undefined
      ? rm(join(logOf(copy), nameOf(place)))
      : writeFile(join(logOf(copy), nameOf(place)), forged))
  const verification = await verifyLedger(copy, given)
  for (const { place, bytes } of others) await writeFile(join(logOf(copy), nameOf(place)), bytes)
  return verification
}

type Tally = { readonly tried: number; readonly found: number; readonly byCheckpointAlone: number }

/** Tries each case, and counts in which the verifier finds a fault, and in which it was the checkpoint that showed it. */
async function tally<T>(cases: readonly T[], forge: (each: T) => readonly Buffer[]): Promise<Tally> {
  let [found, byCheckpointAlone] = [0, 0]
  for (const each of cases) {
    const { faults } = await verdictOn(forge(each))
    found += faults.length > 0 ? 1 : 0
    byCheckpointAlone += faults.length > 0 && faults.every(({ file }) => file === 'checkpoint') ? 1 : 0
  }
  return { tried: cases.length, found, byCheckpointAlone }
}

const tell = (what: string, { tried, found, byCheckpointAlone }: Tally): void =>
  console.info(`${what}: ${found} of ${tried} found, ${byCheckpointAlone} by the checkpoint alone`)

const upTo = (n: number): number[] => Array.from({ length: n }, (_, place) => place)
/** All of them in full; else a seeded share. */
const shareOf = <T>(cases: readonly T[]): readonly T[] => {
  const wanted = counted(cases.length)
  return wanted === cases.length ? cases : upTo(wanted).map(() => cases[below(cases.length)]!)
}

/** As `shareOf`, a tenth of it: of so many cases that CI would wait for them. */
const few = (cases: number): number => (counted(cases) === cases ? cases : Math.ceil(counted(cases) / 10))

/** The records with each entry's body replaced by what `bodyOf` gives; null leaves the entry out. */
function rewritten(bodyOf: (index: number, body: Buffer) => Buffer | null): readonly (readonly RawRecord[])[] {
  let index = 0
  return records.map((held) =>
    held.flatMap(({ kind, body }) => {
      const other = kind === 1 ? bodyOf(index++, body) : body
      return other === null ? [] : [{ kind, body: other }]
    }),
  )
}

test('honest, the ledger holds; the forger writes the same bytes as the writer', async () => {
  expect(entries).toHaveLength(size)
  expect(Math.max(...records.map((held) => held.filter(({ kind }) => kind === 1).length))).toBeLessThanOrEqual(64)
  expect(forgeSegments(records).map((bytes, place) => bytes.equals(honest[place]!))).not.toContain(false)
  expect(checkpointOf(signer, size, rootOf(entries.map(leafOf)))).toEqual(signed)
  expect(vkeyOf(signer)).toBe(trusted.vkey)
  expect(await verdictOn(honest)).toMatchObject({ entries: size, signed: size, keyFrom: 'caller', faults: [] })
})

test('one bit of every byte, over its segment', () => {
  let [before, tried, found] = [nothingRead, 0, 0]
  for (const [place, bytes] of honest.entries()) {
    const changed = Buffer.from(bytes)
    for (const offset of shareOf(upTo(bytes.length)).slice(0, few(bytes.length))) {
      changed[offset] = changed[offset]! ^ (1 << below(8))
      tried += 1
      found += verifySegment(before, place + 1, nameOf(place), changed).faults.length > 0 ? 1 : 0
      changed[offset] = bytes[offset]!
    }
    before = verifySegment(before, place + 1, nameOf(place), bytes)
  }
  tell('one bit of a byte, over its segment', { tried, found, byCheckpointAlone: 0 })
  expect(before).toMatchObject({ entries: size, faults: [] })
  expect(tried).toBe(honest.reduce((sum, { length }) => sum + few(length), 0))
  expect(found).toBe(tried)
}, 3_600_000)

test('one bit of a byte, over the whole ledger with its checkpoint', async () => {
  const bounds = honest.flatMap((bytes, place) => upTo(bytes.length).map((offset) => ({ place, offset })))
  const cases = upTo(counted(10_000)).map(() => ({ ...bounds[below(bounds.length)]!, bit: 1 << below(8) }))
  const result = await tally(cases, ({ place, offset, bit }) =>
    honest.map((bytes, at) => {
      if (at !== place) return bytes
      const changed = Buffer.from(bytes)
      changed[offset] = changed[offset]! ^ bit
      return changed
    }),
  )
  tell('one bit, over the whole', result)
  expect(result).toMatchObject({ tried: counted(10_000), found: result.tried })
}, 3_600_000)

/** Where the raw records of entries lie: segment, and from and to there. */
const places = () =>
  honest.flatMap((bytes, place) =>
    recordsOf(bytes).flatMap(({ kind, from, to }) => (kind === 1 ? [{ place, from, to }] : [])),
  )

const spliced = (segments: readonly Buffer[], { place, from, to }: ReturnType<typeof places>[number], by: Buffer) =>
  segments.map((bytes, at) => (at === place ? Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(to)]) : bytes))

test('every deletion of an entry, raw and clever', async () => {
  const lying = places()
  const cases = shareOf(upTo(size))
  const raw = await tally(cases, (gone) => spliced(honest, lying[gone]!, Buffer.alloc(0)))
  const clever = await tally(cases, (gone) => forgeSegments(rewritten((index, body) => (index === gone ? null : body))))
  tell('deletions, raw', raw)
  tell('deletions, clever', clever)
  expect(raw).toMatchObject({ tried: counted(size), found: raw.tried, byCheckpointAlone: 0 })
  expect(clever).toMatchObject({ tried: counted(size), found: clever.tried, byCheckpointAlone: clever.tried })
}, 3_600_000)

test('every swap of neighbours and swaps over any distance, raw and clever', async () => {
  const lying = places()
  const far = upTo(size).flatMap(() => {
    const [one, other] = [below(size), below(size)]
    return Math.abs(one - other) < 2 ? [] : [[Math.min(one, other), Math.max(one, other)] as const]
  })
  const neighbours = upTo(size - 1).map((first) => [first, first + 1] as const)
  for (const [what, all] of [
    ['neighbours', neighbours],
    ['far', far],
  ] as const) {
    const cases = shareOf(all)
    const raw = await tally(cases, ([first, second]) => {
      const [a, b] = [lying[first]!, lying[second]!]
      const bytesOf = ({ place, from, to }: typeof a): Buffer => honest[place]!.subarray(from, to)
      // The later one first: what comes before it keeps its offsets.
      return spliced(spliced(honest, b, bytesOf(a)), a, bytesOf(b))
    })
    const clever = await tally(cases, ([first, second]) =>
      forgeSegments(
        rewritten((index, body) => (index === first ? entries[second]! : index === second ? entries[first]! : body)),
      ),
    )
    tell(`swaps of ${what}, raw`, raw)
    tell(`swaps of ${what}, clever`, clever)
    expect(raw).toMatchObject({ tried: counted(all.length), found: raw.tried, byCheckpointAlone: 0 })
    expect(clever).toMatchObject({ tried: counted(all.length), found: clever.tried, byCheckpointAlone: clever.tried })
  }
}, 3_600_000)

/** Segments that end after `kept` entries, with a marker: what the writer itself would have left. */
function truncated(kept: number): readonly Buffer[] {
  const shorter = rewritten((index, body) => (index < kept ? body : null))
  const last = shorter.findLastIndex((held) => held.some(({ kind }) => kind === 1))
  return forgeSegments(
    shorter.slice(0, Math.max(last, 0) + 1).map((held) => {
      const end = held.findLastIndex(({ kind }) => kind === 1)
      return held.slice(0, end + 2)
    }),
  )
}

test('truncation to every size below the checkpoint, clever', async () => {
  const result = await tally(shareOf(upTo(size)), truncated)
  tell('truncations', result)
  expect(result).toMatchObject({ tried: counted(size), found: result.tried, byCheckpointAlone: result.tried })
}, 3_600_000)

/** An entry of the same shape about another: one digit of its pseudonym differs. */
function otherThan(body: Buffer): Buffer {
  const other = Buffer.from(body)
  const at = other.indexOf('pseudonym') + 'pseudonym'.length + 2
  other[at] = other[at] === 0x61 ? 0x62 : 0x61
  return other
}

test('a fork after every entry: another history of the same length', async () => {
  const result = await tally(shareOf(upTo(size)), (from) =>
    forgeSegments(rewritten((index, body) => (index < from ? body : otherThan(body)))),
  )
  tell('forks', result)
  expect(result).toMatchObject({ tried: counted(size), found: result.tried, byCheckpointAlone: result.tried })
}, 3_600_000)

test('one entry written anew, clever, for every entry', async () => {
  const result = await tally(shareOf(upTo(size)), (changed) =>
    forgeSegments(rewritten((index, body) => (index === changed ? otherThan(body) : body))),
  )
  tell('entries written anew', result)
  expect(result).toMatchObject({ tried: counted(size), found: result.tried, byCheckpointAlone: result.tried })
}, 3_600_000)

describe('checkpoints', () => {
  const leaves = () => entries.map(leafOf)
  const put = (checkpoint: Buffer): Promise<void> => writeFile(join(copy, 'checkpoint'), checkpoint)
  const faultsOf = async (segments: readonly Buffer[], given = trusted): Promise<readonly string[]> =>
    (await verdictOn(segments, given)).faults.map(({ file, what }) => `${file}: ${what}`)
  afterEach(() => put(signed))

  test('one bit of every byte of a checkpoint', async () => {
    const small = await mkdtemp(join(dir, 'small-'))
    await mkdir(logOf(small))
    const two = forgeSegments([[...records[0]!.slice(0, 1), { kind: 2, body: Buffer.alloc(0) }]])
    await writeFile(join(logOf(small), nameOf(0)), two[0]!)
    const note = checkpointOf(signer, 1, leafOf(entries[0]!))
    const holds = async (bytes: Buffer): Promise<boolean> => {
      await writeFile(join(small, 'checkpoint'), bytes)
      return (await verifyLedger(small, trusted)).faults.length === 0
    }
    expect(await holds(note)).toBe(true)
    const cases = upTo(note.length).flatMap((offset) => {
      const first = below(8)
      return upTo(counted(8)).map((next) => ({ offset, bit: 1 << ((first + next) % 8) }))
    })
    let found = 0
    for (const { offset, bit } of cases) {
      const changed = Buffer.from(note)
      changed[offset] = changed[offset]! ^ bit
      found += (await holds(changed)) ? 0 : 1
    }
    tell('bits of a checkpoint', { tried: cases.length, found, byCheckpointAlone: found })
    expect(cases).toHaveLength(counted(8) * note.length)
    expect(found).toBe(cases.length)
  }, 120_000)

  test('another root, another size, another key', async () => {
    const root = rootOf(leaves())
    const thief: Signer = { name: signer.name, ...generateKeyPairSync('ed25519') }
    await put(checkpointOf(thief, size, root))
    expect(await faultsOf(honest)).toEqual(['checkpoint: it is not signed by the trusted key'])
    await put(checkpointOf(signer, size, leafOf(entries[0]!)))
    expect(await faultsOf(honest)).toEqual([expect.stringContaining('checkpoint: another root at size 1000')])
    await put(checkpointOf(signer, size - 1, root))
    expect(await faultsOf(honest)).toEqual([expect.stringContaining('checkpoint: another root at size 999')])
    await put(checkpointOf(signer, size + 1, root))
    expect(await faultsOf(honest)).toEqual(['checkpoint: the log has 1000 entries, 1001 were signed: some are gone'])
  })

  test('with a key of his own a thief passes only where nobody names the key to trust', async () => {
    const thief: Signer = { name: signer.name, ...generateKeyPairSync('ed25519') }
    const forged = forgeSegments(rewritten((_, body) => otherThan(body)))
    const forgedLeaves = forged.flatMap(recordsOf).flatMap(({ kind, body }) => (kind === 1 ? [leafOf(body)] : []))
    await put(checkpointOf(thief, size, rootOf(forgedLeaves)))
    await writeFile(join(copy, 'ledger.vkey'), vkeyOf(thief))
    expect(await verdictOn(forged, {})).toMatchObject({ keyFrom: 'ledger', faults: [] })
    expect(await faultsOf(forged)).toEqual([
      'ledger.vkey: the ledger names another key than the one that you trust',
      'checkpoint: it is not signed by the trusted key',
    ])
    await writeFile(join(copy, 'ledger.vkey'), vkeyOf(signer))
  })

  test('who holds key and directory can write another history: only a checkpoint kept elsewhere shows it', async () => {
    const kept = { name: 'kept', bytes: checkpointOf(signer, 600, rootOf(leaves().slice(0, 600))) }
    const forged = forgeSegments(rewritten((index, body) => (index < 400 ? body : otherThan(body))))
    const forgedLeaves = forged.flatMap(recordsOf).flatMap(({ kind, body }) => (kind === 1 ? [leafOf(body)] : []))
    await put(checkpointOf(signer, size, rootOf(forgedLeaves)))
    expect(await faultsOf(forged)).toEqual([])
    expect(await faultsOf(forged, { ...trusted, checkpoints: [kept] })).toEqual([
      expect.stringContaining('kept: another root at size 600'),
    ])
    await put(signed)
    expect(await faultsOf(honest, { ...trusted, checkpoints: [kept] })).toEqual([])
  })

  test('an old directory put back, checkpoint and all, shows only against a newer checkpoint kept elsewhere', async () => {
    const [older, newer] = [300, 900].map((n) => checkpointOf(signer, n, rootOf(leaves().slice(0, n)))) as [
      Buffer,
      Buffer,
    ]
    const kept = (bytes: Buffer): Trusted => ({ ...trusted, checkpoints: [{ name: 'kept', bytes }] })
    await put(older)
    expect(await verdictOn(truncated(300))).toMatchObject({ entries: 300, signed: 300, faults: [] })
    expect(await faultsOf(truncated(300), kept(older))).toEqual([])
    expect(await faultsOf(truncated(300), kept(newer))).toEqual([
      'kept: the log has 300 entries, 900 were signed: some are gone',
    ])
    expect(await verdictOn(honest, kept(newer))).toMatchObject({ entries: size, signed: 900, faults: [] })
  })

  test('entries after the newest checkpoint are signed by nobody: their loss does not show', async () => {
    await put(checkpointOf(signer, 900, rootOf(leaves().slice(0, 900))))
    expect(await verdictOn(truncated(950))).toMatchObject({ entries: 950, signed: 900, faults: [] })
    expect(await faultsOf(truncated(899))).toEqual([
      'checkpoint: the log has 899 entries, 900 were signed: some are gone',
    ])
  })
})
