import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeDisk } from '../../storage/segmentDisk.js'
import { type SegmentOptions } from '../../storage/segments.js'
import { adding, configured, digest, entryAfter, person, proposalOn, signedBy, after } from '../../tests/officers.js'
import { type Ledger, openLedger } from '../ledger.js'
import { bindsFrom, openRuleLedger, readRules, RuleRecordError } from './ruleLedger.js'
import { noRules } from './ruleState.js'

const [li, wang] = [person('Li Na'), person('Wang Wei')]
let dir = ''
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'rules-'))))
afterEach(() => rm(dir, { recursive: true, force: true }))

const within = async <T>(work: (ledger: Ledger) => Promise<T>, options: SegmentOptions = {}): Promise<T> => {
  const ledger = await openLedger(join(dir, 'ledger'), options)
  try {
    return await work(ledger)
  } finally {
    await ledger.close()
  }
}
const inForce = (letter: string) => ({ type: 'pack-in-force', ...configured(digest(letter)) }) as const
/** 1000, 1001, … */
const instants = (): (() => number) => {
  let at = 1000
  return () => at++
}

test('what was appended is what is read again', async () => {
  const instant = instants()
  const state = await within(async (ledger) => {
    const rules = await openRuleLedger(ledger)
    expect(rules.state()).toEqual(noRules)
    expect(await rules.append(inForce('a'), instant)).toMatchObject({
      index: 0,
      entry: { entryId: 'rule:1', at: 1000 },
    })
    await rules.append({ type: 'officers-change', ...adding(rules.state(), li) }, instant)
    expect(rules.underWay()).toBeNull()
    return rules.state()
  })
  expect(state).toMatchObject({ entries: 2, lastAt: 1001, revision: 1 })
  await within(async (ledger) => {
    expect(await readRules(ledger)).toEqual(state)
    expect((await openRuleLedger(ledger)).state()).toEqual(state)
  })
})

test('entries come one at a time, each judged after the one before it', () =>
  within(async (ledger) => {
    const rules = await openRuleLedger(ledger)
    const instant = instants()
    const asked = [inForce('a'), inForce('a'), inForce('b')].map((rule) => rules.append(rule, instant))
    expect(await Promise.allSettled(asked)).toMatchObject([
      { value: { index: 0, entry: { entryId: 'rule:1' } } },
      { reason: { code: 'nothing-changes' } },
      { value: { index: 1, entry: { entryId: 'rule:2' } } },
    ])
    expect(ledger.size()).toBe(2)
  }))

test('a check says what appending would, and appends nothing', () =>
  within(async (ledger) => {
    const rules = await openRuleLedger(ledger)
    expect(() => rules.check(inForce('a'), 1000)).not.toThrow()
    await rules.append(inForce('a'), () => 1000)
    expect(() => rules.check(inForce('a'), 1001)).toThrow(expect.objectContaining({ code: 'nothing-changes' }) as Error)
    expect(() => rules.check(inForce('b'), 1000)).toThrow(expect.objectContaining({ code: 'clock-behind' }) as Error)
    expect([rules.state().entries, ledger.size()]).toEqual([1, 1])
  }))

test('while a change is written, and after its writing failed, it is told from when nobody knows', async () => {
  let broken = false
  const failure = Object.assign(new Error('EIO'), { code: 'EIO' })
  const disk: typeof nodeDisk = {
    ...nodeDisk,
    datasync: (file) => (broken ? Promise.reject(failure) : nodeDisk.datasync(file)),
  }
  await within(
    async (ledger) => {
      const rules = await openRuleLedger(ledger)
      await rules.append(inForce('a'), () => 1000)
      const writing = rules.append(inForce('b'), () => 2000)
      await new Promise((resolve) => setImmediate(resolve))
      expect(rules.underWay()).toEqual({ from: 2000 })
      await writing
      expect(rules.underWay()).toBeNull()
      broken = true
      const failed = await rules.append(inForce('c'), () => 3000).catch((error: unknown) => error)
      expect(failed).toMatchObject({ code: 'failed' })
      broken = false
      expect(rules.underWay()).toEqual({ from: 3000 })
      expect(rules.state().entries).toBe(2)
      await expect(rules.append(inForce('d'), () => 4000)).rejects.toBe(failed)
      expect(rules.underWay()).toEqual({ from: 3000 })
    },
    { disk },
  )
})

test('an entry that the ones before it do not allow, or that is none about rules, is no record', async () => {
  await within(async (ledger) => {
    const first = entryAfter(noRules, [1000, 'pack-in-force', configured(digest('a'))])
    await ledger.append(first)
    await ledger.append({ ...first, entryId: 'rule:2', at: 1001 })
    const reading = readRules(ledger)
    await expect(reading).rejects.toBeInstanceOf(RuleRecordError)
    await expect(reading).rejects.toThrow(
      'ledger: entry rule:2 about rules does not hold (That pack is in force already.); serve with a ledger restored',
    )
    await expect(openRuleLedger(ledger)).rejects.toBeInstanceOf(RuleRecordError)
  })
  await rm(join(dir, 'ledger'), { recursive: true })
  await rm(join(dir, 'ledger.key'))
  await within(async (ledger) => {
    await ledger.append({ v: 1, type: 'software', entryId: 'rule:1', at: 1, aptus: '1', node: '20' })
    await expect(readRules(ledger)).rejects.toThrow('entry rule:1 about rules does not hold (it is of another type)')
  })
})

test('another pack binds from the earliest instant that is scheduled otherwise; a proposal alone binds nothing', () => {
  const first = after(noRules, [1000, 'pack-in-force', configured(digest('a'))])
  const given = after(first, [1001, 'pack-in-force', configured(digest('b'))])
  expect(bindsFrom(noRules, given)).toBe(1000)
  expect(bindsFrom(first, given)).toBe(1001)
  // As after a withdrawal: what was scheduled is so no more.
  expect(bindsFrom(given, first)).toBe(1001)
  const officers = after(first, [1001, 'officers-change', adding(first, li)])
  const two = after(officers, [1002, 'officers-change', adding(officers, wang)])
  const proposal = proposalOn(two, li, { packDigest: digest('b'), from: 5000 })
  const proposed = after(two, [1003, 'rule-proposal', signedBy('rule-proposal', proposal, li)])
  expect(bindsFrom(two, proposed)).toBe(Infinity)
})
