import { mkdtemp, readdir, readFile, rm, writeFile, copyFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClassChangeId, DecisionId, Digest, FirmId, InvestorId } from '../features/schema/ids.js'
import { type SegmentOptions } from '../storage/segments.js'
import { nodeDisk } from '../storage/segmentDisk.js'
import { randomDecision } from '../tests/randomDecisions.js'
import { openRecord, type Record, type SealedEntry } from './record.js'
import { verifyLog } from './verify.js'

const firmId = FirmId.parse('default')
let dir: string
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'aptus-audit-'))))
afterEach(() => rm(dir, { recursive: true, force: true }))

const open = (options: SegmentOptions = {}) => openRecord(join(dir, 'ledger'), join(dir, 'persons'), options)
/** Long enough that chance does not write it among the random bytes of digests and commitments. */
const idOf = (number: number): InvestorId => InvestorId.parse(`investor-${number % 7}`)
const append = (record: Record, number: number) => {
  const { decision, investor, context } = randomDecision(number)
  const whose = { firmId, investorId: idOf(number), decisionId: DecisionId.parse(`d-${number}`) }
  return record.append(decision, investor, { ...context, exclude: [...context.exclude] }, whose)
}
const log = () => join(dir, 'ledger', 'log')

async function fill(count: number, options: SegmentOptions = {}): Promise<void> {
  const record = await open(options)
  for (let number = 0; number < count; number++) expect(await append(record, number)).toBe(number)
  await record.close()
}

test('what was recorded is read back: the decision, its inputs and its place, also after a restart', async () => {
  await fill(12)
  const record = await open()
  for (let number = 0; number < 12; number++) {
    const { decision, investor } = randomDecision(number)
    const found = await record.read(firmId, DecisionId.parse(`d-${number}`))
    expect(found?.index).toBe(number)
    expect(found?.decision).toEqual(decision)
    expect(found?.inputs).toMatchObject({ investor })
  }
  expect(await record.read(FirmId.parse('other'), DecisionId.parse('d-1'))).toBeNull()
  expect(await record.read(firmId, DecisionId.parse('d-99'))).toBeNull()
  await record.close()
})

test('no id, no level and no birth date stands in the ledger in clear', async () => {
  await fill(6)
  const bytes = Buffer.concat(
    await Promise.all(
      (await readdir(log())).filter((name) => name.endsWith('.seg')).map((name) => readFile(join(log(), name))),
    ),
  )
  for (let number = 0; number < 6; number++) {
    const { investor } = randomDecision(number)
    for (const word of [idOf(number), investor.profile.birthDate, 'riskAssessment', 'toleranceLevel'])
      if (word !== null) expect(bytes.includes(word)).toBe(false)
  }
})

test('concurrent appends take places without gaps', async () => {
  const record = await open()
  const places = await Promise.all(Array.from({ length: 64 }, (_, number) => append(record, number)))
  expect([...places].sort((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, number) => number))
  await record.close()
  expect((await verifyLog(log())).faults).toEqual([])
})

test('two entries swapped, a segment missing, a record cut off: each is found', async () => {
  await fill(30, { rotateBytes: 8_000 })
  const names = (await readdir(log())).filter((name) => name.endsWith('.seg')).sort()
  const faultsAfter = async (change: () => Promise<void>): Promise<number> => {
    await mkdir(join(dir, 'kept'), { recursive: true })
    for (const name of names) await copyFile(join(log(), name), join(dir, 'kept', name))
    await change()
    const { faults } = await verifyLog(log())
    for (const name of names) await copyFile(join(dir, 'kept', name), join(log(), name))
    return faults.length
  }
  const [first, second] = names as [string, string]
  expect(await faultsAfter(() => rm(join(log(), first)))).toBe(1)
  expect(
    await faultsAfter(async () => {
      const other = await readFile(join(log(), second))
      await copyFile(join(log(), first), join(log(), second))
      await writeFile(join(log(), first), other)
    }),
  ).toBe(1)
  const bytes = await readFile(join(log(), first))
  expect(await faultsAfter(() => writeFile(join(log(), first), bytes.subarray(0, bytes.length - 49)))).toBe(1)
})

test('a torn tail is cut into a file beside, with a word on it, and nothing committed is lost', async () => {
  await fill(9)
  const [name] = (await readdir(log())).filter((file) => file.endsWith('.seg')) as [string]
  const bytes = await readFile(join(log(), name))
  await writeFile(join(log(), name), Buffer.concat([bytes, bytes.subarray(60, 200)]))
  expect((await verifyLog(log())).faults).toHaveLength(1)
  const record = await open()
  expect(record.ledger.cut).not.toBeNull()
  expect(record.ledger.size()).toBe(9)
  await record.close()
  expect((await readdir(log())).some((file) => file.endsWith('.torn'))).toBe(true)
  expect((await verifyLog(log())).faults).toEqual([])
})

test('damage before the last commit is no torn tail: the ledger does not open', async () => {
  await fill(9)
  const [name] = (await readdir(log())).filter((file) => file.endsWith('.seg')) as [string]
  const bytes = await readFile(join(log(), name))
  bytes[300] = bytes[300]! ^ 1
  await writeFile(join(log(), name), bytes)
  await expect(open()).rejects.toMatchObject({ code: 'damaged' })
})

test('a bit flipped in the last commit marker does not shorten the ledger without a word', async () => {
  await fill(6)
  const [name] = (await readdir(log())).filter((file) => file.endsWith('.seg')) as [string]
  const bytes = await readFile(join(log(), name))
  bytes[bytes.length - 1] = bytes[bytes.length - 1]! ^ 1
  await writeFile(join(log(), name), bytes)
  await expect(open()).rejects.toMatchObject({ code: 'shorter' })
})

test('what an entry of another type sealed is read back; of an erased person it is erased', async () => {
  const record = await open()
  const facts = { level: 3, words: 'sealed' }
  const append = (number: number) =>
    record.appendSealed({ firmId, investorId: idOf(number), entryId: `c-${number}` }, facts, (committed) => ({
      ...{ v: 1, type: 'class-change', changeId: ClassChangeId.parse(`c-${number}`), firmId },
      ...{ packDigest: Digest.parse(`sha256:${'1'.repeat(64)}`), at: number, ...committed },
    }))
  expect([await append(1), await append(2)]).toEqual([0, 1])
  const entryOf = async (number: number): Promise<SealedEntry> => {
    const { entry } = await record.ledger.byIndex(number - 1)
    if (entry.type !== 'class-change') throw new Error('want a change of class')
    return entry
  }
  expect(await record.factsOf(await entryOf(1))).toEqual(facts)
  await record.erase(firmId, idOf(1))
  expect(await record.factsOf(await entryOf(1))).toBe('erased')
  expect(await record.factsOf(await entryOf(2))).toEqual(facts)
  expect(await record.read(firmId, DecisionId.parse('c-2'))).toBeNull()
  const gone = { ...(await entryOf(2)), changeId: ClassChangeId.parse('c-9') } as SealedEntry
  await expect(record.factsOf(gone)).rejects.toThrow('the inputs of entry c-9 are lost')
  await record.close()
})

test('where the persons cannot be opened the ledger is free again', async () => {
  await mkdir(join(dir, 'persons', 'inputs'), { recursive: true })
  await expect(open()).rejects.toThrow('earlier version')
  await rm(join(dir, 'persons'), { recursive: true })
  await (await open()).close()
})

test('a decision id is taken once', async () => {
  await fill(3)
  const record = await open()
  await expect(append(record, 2)).rejects.toMatchObject({ code: 'duplicate' })
  expect(record.ledger.size()).toBe(3)
  await record.close()
})

test('a lost index is made anew from the log', async () => {
  await fill(12)
  await rm(join(dir, 'ledger', 'index'), { recursive: true })
  const record = await open()
  expect((await record.read(firmId, DecisionId.parse('d-7')))?.index).toBe(7)
  await record.close()
})

test('after a failed sync nothing is answered until the ledger is opened again', async () => {
  let broken = false
  const disk = {
    ...nodeDisk,
    datasync: (...call: Parameters<typeof nodeDisk.datasync>) =>
      broken ? Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' })) : nodeDisk.datasync(...call),
  }
  const record = await open({ disk })
  await append(record, 0)
  expect(record.failure()).toBeNull()
  broken = true
  await expect(append(record, 1)).rejects.toMatchObject({ code: 'failed' })
  broken = false
  expect(record.failure()).toMatchObject({ code: 'failed' })
  await expect(append(record, 2)).rejects.toMatchObject({ code: 'failed' })
  await record.close()
  const again = await open()
  expect(await append(again, 3)).toBeGreaterThanOrEqual(1)
  await again.close()
})

test('an erased person is gone, the ledger still verifies, and he gets another pseudonym if he returns', async () => {
  await fill(20)
  const record = await open()
  const investorId = idOf(3)
  const before = await record.persons.pseudonymOf(firmId, investorId)
  const key = before === null ? null : await record.persons.keyOf(before)
  expect(key).toHaveLength(32)
  expect(await record.erase(firmId, investorId)).toBe(true)
  expect(await record.erase(firmId, investorId)).toBe(false)
  expect((await record.read(firmId, DecisionId.parse('d-3')))?.inputs).toBe('erased')
  expect((await record.read(firmId, DecisionId.parse('d-4')))?.inputs).not.toBe('erased')
  await append(record, 24)
  expect(await record.persons.pseudonymOf(firmId, investorId)).not.toBe(before)
  await record.close()
  const kept = Buffer.concat(
    await Promise.all(
      (await readdir(join(dir, 'persons'), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => readFile(join(entry.parentPath, entry.name))),
    ),
  )
  expect(kept.includes(Buffer.from(key!))).toBe(false)
  expect((await verifyLog(log())).faults).toEqual([])
})
