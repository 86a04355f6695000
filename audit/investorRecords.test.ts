import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AssessmentId, ClassChangeId, Digest, FirmId, InvestorId } from '../features/schema/ids.js'
import { account, at, pack } from '../tests/purchaseCase.js'
import { type AssessmentFacts, type ClassFacts, investorRecords } from './investorRecords.js'
import { openedEntries } from './personEntries.js'
import { profileReads } from './profileReads.js'
import { Reader } from './personActs.js'
import { openRecord, type Record } from './record.js'

const [firmId, other] = [FirmId.parse('default'), FirmId.parse('firm-b')]
const investorId = InvestorId.parse('i-1')
const [assessmentId, changeId] = [AssessmentId.parse('a-1'), ClassChangeId.parse('c-1')]
const profile = account('C3').profile
const assessed = { before: profile, score: { answers: {} }, after: profile } as unknown as AssessmentFacts
const changed = {
  before: profile,
  request: { to: 'ordinary' },
  verdict: { granted: true },
  approvedBy: null,
} as ClassFacts
const whose = { firmId, investorId, packDigest: pack.digest, at }
const questionnaire = { version: 'q-1', digest: Digest.parse(`sha256:${'1'.repeat(64)}`) }
const by = { firmId, by: Reader.parse('operator:auditor'), how: 'a test', at }

let dir = ''
let record: Record
/** An assessment and a change of class of one person. */
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'records-'))
  record = await openRecord(join(dir, 'ledger'), join(dir, 'persons'))
  const records = investorRecords(record)
  expect(await records.appendAssessment(assessed, { ...whose, assessmentId, questionnaire })).toBe(0)
  expect(await records.appendChange(changed, { ...whose, changeId })).toBe(1)
})
afterEach(async () => {
  await record.close()
  await rm(dir, { recursive: true })
})
const entriesFrom = async (first: number): Promise<readonly object[]> => {
  const found: object[] = []
  for await (const { entry } of record.ledger.iterate(first)) found.push(entry)
  return found
}

test('both are read back with what was sealed, and by their own kind and firm alone', async () => {
  const { assessment, change } = investorRecords(record)
  const named = { v: 1, firmId, packDigest: pack.digest, at }
  expect(await assessment(firmId, assessmentId)).toMatchObject({
    ...{ index: 0, entry: { ...named, type: 'assessment', assessmentId, questionnaire }, facts: assessed },
  })
  expect(await change(firmId, changeId)).toMatchObject({
    ...{ index: 1, entry: { ...named, type: 'class-change', changeId }, facts: changed },
  })
  expect([await assessment(other, assessmentId), await change(other, changeId)]).toEqual([null, null])
  expect(await assessment(firmId, AssessmentId.parse(changeId))).toBeNull()
  expect(await change(firmId, ClassChangeId.parse(assessmentId))).toBeNull()
  expect([
    await assessment(firmId, AssessmentId.parse('a-2')),
    await change(firmId, ClassChangeId.parse('c-2')),
  ]).toEqual([...[null, null]])
})

test('of an erased person nothing of it is told', async () => {
  await record.erase(firmId, investorId)
  const { assessment, change } = investorRecords(record)
  expect(await assessment(firmId, assessmentId)).toMatchObject({ index: 0, facts: 'erased' })
  expect(await change(firmId, changeId)).toMatchObject({ index: 1, facts: 'erased' })
  expect(await openedEntries(record, [0, 1])).toMatchObject([{ sealed: 'erased' }, { sealed: 'erased' }])
})

test('entries are opened by their places, those that sealed nothing with nothing', async () => {
  await profileReads(record).ofEntry(by, 'c-1')
  expect(await openedEntries(record, [2, 0])).toMatchObject([
    { index: 2, entry: { type: 'profile-read' }, sealed: null },
    { index: 0, entry: { type: 'assessment' }, sealed: assessed },
  ])
})

describe('a read is entered', () => {
  const read = { v: 1, type: 'profile-read', firmId, by: 'operator:auditor', how: 'a test', at }
  const pseudonym = async () => record.persons.pseudonymOf(firmId, investorId)

  test('of an entry that sealed something of the firm’s person, and of no other', async () => {
    const { ofEntry } = profileReads(record)
    await ofEntry(by, 'c-1')
    for (const [reading, id] of [
      [by, 'c-9'],
      [{ ...by, firmId: other }, 'c-1'],
    ] as const)
      await ofEntry(reading, id)
    const entered = await entriesFrom(2)
    expect(entered).toMatchObject([{ ...read, pseudonym: await pseudonym(), of: 'c-1' }])
    await ofEntry(by, (entered[0] as { entryId: string }).entryId)
    expect(await entriesFrom(3)).toMatchObject([{ of: (entered[0] as { entryId: string }).entryId }])
  })

  test('not of the erased, of whom nothing is shown', async () => {
    await record.erase(firmId, investorId)
    await profileReads(record).ofEntry(by, 'c-1')
    expect(await entriesFrom(2)).toEqual([])
  })

  test('of a profile under the pseudonym that he has, or is given', async () => {
    const { ofInvestor } = profileReads(record)
    const fresh = InvestorId.parse('i-2')
    for (const id of [investorId, fresh, fresh]) await ofInvestor(by, id)
    const his = await record.persons.pseudonymOf(firmId, fresh)
    expect(await entriesFrom(2)).toMatchObject(
      [await pseudonym(), his, his].map((each) => ({ ...read, pseudonym: each, of: null })),
    )
  })

  test('of persons once each, and of a table by its rows', async () => {
    const [one] = [(await pseudonym())!]
    const two = (await record.persons.commit({ firmId, investorId: InvestorId.parse('i-3'), entryId: 'x', parts: {} }))
      .pseudonym
    const { ofPersons, ofTable } = profileReads(record)
    await ofPersons(by, [one, two, one])
    await ofTable(by, 7)
    const entered = await entriesFrom(2)
    expect(entered.slice(0, 2)).toEqual(
      expect.arrayContaining(
        [one, two].map((each) => expect.objectContaining({ ...read, pseudonym: each, of: null }) as object),
      ),
    )
    expect(entered.slice(2)).toMatchObject([{ ...read, type: 'profiles-read', rows: 7 }])
  })
})
