import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DecisionId, FirmId, InvestorId } from '../features/schema/ids.js'
import { randomDecision, randomDecisions } from '../tests/randomDecisions.js'
import { randomModel, releaseOf, zeroDigest } from '../tests/randomRelease.js'
import { decodeCanonical, encodeCanonical } from './canonical.js'
import { decodeEntry, encodeEntry, entryOf, type DecisionEntry, statementsOf, verdictOf } from './entry.js'
import { partsOf } from './inputs.js'
import { openedParts } from './recordedBytes.js'
import { openRecord } from './record.js'
import { differencesOf, type Materials, replay, type Replayed } from './replay.js'
import { commitTo } from './sealing.js'

const firmId = FirmId.parse('default')
const count = 60
const { release, catalogue, pack } = randomDecisions
const materials: Materials = { release, catalogue, pack }
type Opened = Parameters<typeof replay>[0]
let dir: string
let recorded: readonly Opened[]

/** As it is read from the disk. */
async function readAll(): Promise<readonly Opened[]> {
  const record = await openRecord(join(dir, 'ledger'), join(dir, 'persons'), { rotateBytes: 30_000 })
  const read: Opened[] = []
  for await (const { entry, bytes } of record.ledger.iterate()) {
    if (entry.type !== 'decision') throw new Error('want decisions alone')
    const opened = await openedParts(record.persons, entry)
    if (opened === 'erased' || 'lost' in opened) throw new Error('want what was sealed')
    read.push({ entry, bytes, opened })
  }
  await record.close()
  return read
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aptus-replay-'))
  const record = await openRecord(join(dir, 'ledger'), join(dir, 'persons'), { rotateBytes: 30_000 })
  for (let number = 0; number < count; number++) {
    const { decision, investor, context } = randomDecision(number)
    const whose = {
      firmId,
      investorId: InvestorId.parse(`i-${number % 9}`),
      decisionId: DecisionId.parse(`d-${number}`),
    }
    await record.append(decision, investor, { ...context }, whose)
  }
  await record.close()
  recorded = await readAll()
})
afterAll(() => rm(dir, { recursive: true }))

const one = (kind: DecisionEntry['outcome']['kind']): Opened => {
  const found = recorded.find(({ entry }) => entry.outcome.kind === kind)
  if (found === undefined) throw new Error(`want a ${kind}`)
  return found
}
const pathsOf = (replayed: Replayed): readonly string[] => {
  if (replayed.result !== 'differs') throw new Error(`want differs, got ${replayed.result}`)
  return replayed.differences.map(({ path }) => path)
}
const run = (given: Opened, under: Partial<Materials> = {}, strict = false): Replayed =>
  replay(given, { ...materials, ...under }, { strict })
/** An entry changed after it was hashed. */
const withEntry = ({ entry, opened }: Opened, changes: object): Opened => {
  const bytes = encodeCanonical({ ...entry, ...changes })
  return { entry: decodeEntry(bytes) as DecisionEntry, bytes, opened }
}

test.each([false, true])('every recorded decision is the same again, strict %s: slates and refusals', (strict) => {
  const kinds = new Set(recorded.map(({ entry }) => entry.outcome.kind))
  expect([...kinds].sort()).toEqual(['non-personal', 'personal', 'refusal'])
  for (const each of recorded) expect(run(each, {}, strict)).toEqual({ result: 'same', search: 'same' })
})

test('an entry of the first version is made again in its own version', () => {
  for (const { entry, opened } of recorded) {
    const { decision, investor, context } = randomDecision(Number(entry.decisionId.slice(2)))
    const parts = partsOf({
      v: 1,
      inputs: { investor, context: { ...context } },
      verdict: verdictOf(decision, 1),
      statements: statementsOf(decision, 1),
    })
    const commitment = (name: keyof typeof parts) => commitTo(opened.key, name, entry.decisionId, parts[name])
    const whose = {
      ...entry,
      inputsCommitment: commitment('inputs'),
      verdictCommitment: commitment('verdict'),
      statementsCommitment: commitment('statements'),
    }
    const { decisionId, pseudonym, inputsCommitment, verdictCommitment, statementsCommitment } = whose
    const named = { firmId, decisionId, pseudonym, inputsCommitment, verdictCommitment, statementsCommitment }
    const first = entryOf(decision, named, 1)
    const given = { entry: first, bytes: encodeEntry(first), opened: { key: opened.key, parts } }
    expect(run(given)).toEqual({ result: 'same', search: 'same' })
    const later = { ...given, bytes: encodeEntry({ ...first, at: first.at + 1 }) }
    expect(run(later).result).toBe('differs')
  }
})

describe('is told', () => {
  test('another release: its digest, and what it scores', () => {
    const other = releaseOf(randomModel(catalogue.products, 8, 3), catalogue)
    const paths = pathsOf(run(one('personal'), { release: other }))
    expect(paths).toEqual(expect.arrayContaining(['entry.release', 'statements[0].score', 'verdict.nominated[0]']))
  })

  test('the same release with one weight changed, under the old digest', () => {
    const products = release.model.products
    const changed = {
      ...release,
      vectors: { ...release.vectors, matrix: Float32Array.from(products, (x) => x * 1.001) },
    }
    expect(pathsOf(run(one('personal'), { release: changed }))).toContain('statements[0].score')
  })

  test('a catalogue in which one shown product is rated otherwise, under the old digest', () => {
    const given = one('personal')
    if (given.entry.outcome.kind === 'refusal') throw new Error('want a slate')
    const shown = given.entry.outcome.slate[0]?.productId
    const products = catalogue.products.map((product) =>
      product.id === shown ? { ...product, status: 'suspended' as const } : product,
    )
    const paths = pathsOf(run(given, { catalogue: { ...catalogue, products } }))
    expect(paths).toEqual(
      expect.arrayContaining(['entry.outcome.slate[0].productId', 'verdict.digest', 'verdict.withheld.total']),
    )
  })

  test('a pack without one rule, under the old digest; the difference is personal, the entry’s is not', () => {
    const rules = pack.rules.filter(({ id }) => id !== 'CN-MATCH')
    const replayed = run(one('personal'), {
      pack: { ...pack, rules },
      catalogue: { ...catalogue, products: [...catalogue.products] },
    })
    if (replayed.result !== 'differs') throw new Error('want differs')
    const byPath = new Map(replayed.differences.map((difference) => [difference.path, difference]))
    expect(byPath.get('verdict.digest')).toMatchObject({ personal: true })
    expect(byPath.get('verdict.digest')?.recorded).not.toBe(byPath.get('verdict.digest')?.replayed)
    expect(byPath.get('entry.verdictCommitment')).toMatchObject({ personal: false })
    expect(replayed.count).toBeGreaterThanOrEqual(replayed.differences.length)
  })

  test.each<[string, object]>([
    ['the instant', { at: randomDecisions.at + 400 * 86_400_000 }],
    ['the scene', { scene: 'search' }],
    ['the release', { release: zeroDigest }],
    ['the pseudonym', { inputsCommitment: `hmac-sha256:${'0'.repeat(64)}` }],
    ['the outcome', { outcome: { kind: 'refusal', refusal: 'no-assessment', ruleId: 'CN-ASSESS' } }],
  ])('an entry in which %s was changed', (_, changes) => {
    expect(run(withEntry(one('personal'), changes)).result).toBe('differs')
  })

  test('each sealed part that was changed by who has the key', () => {
    const { opened, ...given } = one('personal')
    const changed = (name: string, change: (value: unknown) => unknown) => {
      const part = encodeCanonical(change(decodeCanonical(opened.parts[name] ?? new Uint8Array())))
      return pathsOf(run({ ...given, opened: { ...opened, parts: { ...opened.parts, [name]: part } } }))
    }
    const withProfile = (of: object) => (inputs: unknown) => {
      const { investor, context } = inputs as { investor: { profile: object }; context: object }
      return { context, investor: { ...investor, profile: { ...investor.profile, ...of } } }
    }
    expect(changed('inputs', withProfile({ incomeBand: null, assetBand: 'b9' }))).toContain('entry.inputsCommitment')
    expect(changed('inputs', withProfile({ riskAssessment: null }))).toContain('entry.outcome.kind')
    expect(changed('verdict', (verdict) => ({ ...(verdict as object), nominated: [] }))).toContain(
      'verdict.nominated[0]',
    )
    expect(changed('statements', () => [])).toContain('statements[0]')
    const more = { ...opened.parts, further: encodeCanonical(1) }
    expect(pathsOf(run({ ...given, opened: { ...opened, parts: more } }))).toEqual(['further'])
  })

  test('another key', () => {
    const { opened, ...given } = one('personal')
    const key = Uint8Array.from(opened.key, (byte) => byte ^ 1)
    expect(pathsOf(run({ ...given, opened: { ...opened, key } }))).toEqual([
      'entry.inputsCommitment',
      'entry.verdictCommitment',
      'entry.statementsCommitment',
    ])
  })

  test('a release that cannot score any more', () => {
    const broken = { ...release, vectors: { ...release.vectors, matrix: release.vectors.matrix.map(() => NaN) } }
    const replayed = run(one('personal'), { release: broken })
    expect(pathsOf(replayed)).toEqual(['entry.outcome'])
    expect(JSON.stringify(replayed)).toContain('deciding again failed: score NaN is not finite')
  })
})

describe('differences', () => {
  const part = (value: unknown) => encodeCanonical(value)

  test('a part that one side alone has is one, and so are other bytes that mean the same', () => {
    expect(differencesOf({ a: part(1) }, { b: part(2) })).toEqual({
      count: 2,
      differences: [
        { path: 'a', personal: true, recorded: 1, replayed: null },
        { path: 'b', personal: true, recorded: null, replayed: 2 },
      ],
    })
    expect(differencesOf({ entry: part([1, { x: 1 }]) }, { entry: part([1, { y: 1 }]) }).differences).toEqual([
      { path: 'entry[1].x', personal: false, recorded: 1, replayed: null },
      { path: 'entry[1].y', personal: false, recorded: null, replayed: 1 },
    ])
    expect(differencesOf({ a: part([]) }, { a: part({}) })).toMatchObject({ count: 1, differences: [{ path: 'a' }] })
    const bytes = [Uint8Array.of(1), Uint8Array.of(2)]
    expect(differencesOf({ a: part(bytes[0]) }, { a: part(bytes[1]) })).toMatchObject({ count: 1 })
    expect(differencesOf({ a: part(bytes[0]) }, { a: part(bytes[0]) })).toEqual({ count: 0, differences: [] })
  })

  test('ten of each part are told, all are counted', () => {
    const [ones, twos] = [1, 2].map((value) => part(Array.from({ length: 15 }, () => value))) as [
      Uint8Array,
      Uint8Array,
    ]
    const { differences, count } = differencesOf({ a: ones, b: ones }, { a: twos, b: twos })
    expect(count).toBe(30)
    expect(differences.map(({ path }) => path)).toEqual(
      ['a', 'b'].flatMap((name) => Array.from({ length: 10 }, (_, place) => `${name}[${place}]`)),
    )
  })
})

test('a request of a form that nobody reads is unavailable, not the same', () => {
  const { opened, ...given } = one('personal')
  const inputs = encodeCanonical({ investor: {}, context: { scene: 'moon' } })
  expect(run({ ...given, opened: { ...opened, parts: { ...opened.parts, inputs } } })).toMatchObject({
    result: 'unavailable',
    missing: 'inputs',
  })
})

test('sealed bytes that were changed are lost, those of an erased person erased', async () => {
  const log = join(dir, 'persons', 'sealed', '000001', 'log')
  const [name] = (await readdir(log)).filter((file) => file.endsWith('.seg'))
  const file = join(log, name ?? '')
  const bytes = await readFile(file)
  bytes[bytes.length >> 1]! ^= 1
  await writeFile(file, bytes)
  const record = await openRecord(join(dir, 'ledger'), join(dir, 'persons'))
  const results = async (): Promise<readonly string[]> => {
    const found: string[] = []
    for await (const { entry } of record.ledger.iterate()) {
      const opened = await openedParts(record.persons, entry as DecisionEntry)
      found.push(opened === 'erased' ? opened : 'lost' in opened ? 'lost' : 'open')
    }
    return found
  }
  try {
    const before = await results()
    const lost = before.indexOf('lost')
    expect(lost).toBeGreaterThanOrEqual(0)
    expect(before).toEqual(before.map((_, place) => (place === lost ? 'lost' : 'open')))
    const gone = (lost + 1) % 9
    await record.erase(firmId, InvestorId.parse(`i-${gone}`))
    expect(await results()).toEqual(before.map((was, place) => (place % 9 === gone ? 'erased' : was)))
  } finally {
    await record.close()
  }
})
