import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FirmId, InvestorId, PurchaseCheckId } from '../features/schema/ids.js'
import { account, at, check } from '../tests/purchaseCase.js'
import { encodeCanonical } from './canonical.js'
import { confirmationIdOf } from './purchaseEntry.js'
import { dialogueOf, purchaseRecord, type RecordedCheck } from './purchases.js'
import { openRecord, type Record } from './record.js'
import { commitTo } from './sealing.js'

const [firmId, other] = [FirmId.parse('default'), FirmId.parse('firm-b')]
const [investorId, checkId] = [InvestorId.parse('i-1'), PurchaseCheckId.parse('p-1')]
const whose = { firmId, investorId, checkId }
const who = account('C2')
/** Above his tolerance: there are steps to confirm. */
const facts = { investor: who, check: check(who, 'R3', { at }) }
const { steps } = facts.check
const judged = { ...facts.check, at: at + 1 }

let dir = ''
let record: Record
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'purchases-'))
  record = await openRecord(join(dir, 'ledger'), join(dir, 'persons'))
})
afterEach(async () => {
  await record.close()
  await rm(dir, { recursive: true })
})
const recorded = async (): Promise<RecordedCheck> => {
  const found = await purchaseRecord(record).read(firmId, checkId)
  if (found === null) throw new Error('the check is recorded')
  return found
}

test('a check is read back with its facts and what was confirmed, in its order', async () => {
  const purchases = purchaseRecord(record)
  expect(steps.length).toBeGreaterThan(1)
  expect(await purchases.append(facts, whose)).toBe(0)
  expect(await recorded()).toMatchObject({
    index: 0,
    facts: JSON.parse(JSON.stringify(facts)) as object,
    confirmations: [],
  })
  expect((await recorded()).entry).toMatchObject({ v: 1, type: 'purchase-check', checkId, firmId, at })
  for (const [place, step] of steps.entries())
    expect(await purchases.confirm(await recorded(), step, { ...judged, at: at + 1 + place })).toBe(1 + place)
  const { facts: read, confirmations } = await recorded()
  expect(confirmations.map(({ index, entry }) => [index, entry.place, entry.at])).toEqual(
    steps.map((_, place) => [1 + place, 1 + place, at + 1 + place]),
  )
  if (read === 'erased') throw new Error('nobody was erased')
  const { verdict, expiresAt } = facts.check
  expect(dialogueOf(read.check, confirmations)).toEqual({
    ...{ verdict, at, expiresAt, steps: read.check.steps },
    confirmedAt: steps.map((_, place) => at + 1 + place),
  })
})

test('each step is recorded once', async () => {
  const purchases = purchaseRecord(record)
  await purchases.append(facts, whose)
  const before = await recorded()
  await purchases.confirm(before, steps[0]!, judged)
  await expect(purchases.confirm(before, steps[0]!, judged)).rejects.toMatchObject({ code: 'duplicate' })
})

test('a check of another firm, one that is none, and what is no check are not found', async () => {
  const purchases = purchaseRecord(record)
  await purchases.append(facts, whose)
  await purchases.confirm(await recorded(), steps[0]!, judged)
  expect(await purchases.read(other, checkId)).toBeNull()
  for (const id of ['p-2', confirmationIdOf(checkId, 1)])
    expect(await purchases.read(firmId, PurchaseCheckId.parse(id))).toBeNull()
})

test('of an erased person what was confirmed stays, and nothing more is', async () => {
  const purchases = purchaseRecord(record)
  await purchases.append(facts, whose)
  await purchases.confirm(await recorded(), steps[0]!, judged)
  const before = await recorded()
  await record.erase(firmId, investorId)
  expect(await recorded()).toMatchObject({ facts: 'erased', confirmations: [{ index: 1 }] })
  await expect(purchases.confirm(before, steps[1]!, judged)).rejects.toThrow('check p-1: its person was erased')
})

test.each([
  ['of another step', (step: (typeof steps)[number]) => ({ ...step, stepId: steps[1]!.stepId })],
  ['of another text', (step: (typeof steps)[number]) => ({ ...step, textDigest: steps[1]!.textDigest })],
])('a confirmation %s is not taken for that of the step', async (_, changed) => {
  const purchases = purchaseRecord(record)
  await purchases.append(facts, whose)
  await purchases.confirm(await recorded(), changed(steps[0]!), judged)
  await expect(recorded()).rejects.toThrow('entry 1: it does not confirm what check p-1 showed')
})

test('a confirmation that the check has no step for is refused', async () => {
  const permitted = { ...facts, check: { ...facts.check, steps: [] } }
  await purchaseRecord(record).append(permitted, whose)
  await purchaseRecord(record).confirm(await recorded(), steps[0]!, judged)
  await expect(recorded()).rejects.toThrow('entry 1: it does not confirm')
})

test('a confirmation commits under the key of its person', async () => {
  await purchaseRecord(record).append(facts, whose)
  await purchaseRecord(record).confirm(await recorded(), steps[0]!, judged)
  const { entry, confirmations } = await recorded()
  const key = (await record.persons.keyOf(entry.pseudonym)) ?? new Uint8Array()
  const { stepId, textDigest } = steps[0]!
  // As it stands in ledgers: another way to commit would find none of them right.
  const commitment = commitTo(key, 'confirmation', 'p-1.1', encodeCanonical({ stepId, textDigest }))
  expect(confirmations[0]?.entry).toMatchObject({ pseudonym: entry.pseudonym, firmId, commitment })
})
