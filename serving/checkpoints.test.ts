import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ledger, openLedger } from '../audit/ledger.js'
import { systemEntry } from '../tests/systemEntries.js'
import { checkpointEveryMs, keepCheckpoints } from './checkpoints.js'

let root = ''
let ledger: Ledger
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'checkpoints-'))
  ledger = await openLedger(join(root, 'ledger'))
})
afterEach(async () => {
  await ledger.close()
  await rm(root, { recursive: true })
})

const grow = (): Promise<number> => ledger.append(systemEntry(ledger.size()))
const signedSize = async (): Promise<number> =>
  Number((await readFile(join(root, 'ledger', 'checkpoint'), 'utf8')).split('\n')[1])

/** A clock whose minutes pass when they are told to. */
const minutes = () => {
  const works = new Set<() => void>()
  return {
    every: (ms: number, work: () => void) => {
      expect(ms).toBe(checkpointEveryMs)
      works.add(work)
      return () => void works.delete(work)
    },
    pass: () => works.forEach((work) => work()),
    running: () => works.size,
  }
}

test('signed at the start, once a minute while the ledger grows, and at the end', async () => {
  const clock = minutes()
  await grow()
  const end = await keepCheckpoints(ledger, () => undefined, clock.every)
  expect(await signedSize()).toBe(1)
  await grow()
  expect(await signedSize()).toBe(1)
  clock.pass()
  // The next one waits for that of the minute.
  await ledger.checkpoint()
  expect(await signedSize()).toBe(2)
  await grow()
  await end()
  expect(await signedSize()).toBe(3)
  expect(clock.running()).toBe(0)
})

test('a minute’s checkpoint that cannot be signed is told without a path, and tried again', async () => {
  const clock = minutes()
  const said: string[] = []
  let broken = false
  const failing = {
    failure: ledger.failure,
    checkpoint: () =>
      broken
        ? Promise.reject(Object.assign(new Error(`no space left, open '${root}'`), { code: 'ENOSPC' }))
        : ledger.checkpoint(),
  }
  const end = await keepCheckpoints(failing, (text) => said.push(text), clock.every)
  broken = true
  clock.pass()
  await new Promise(setImmediate)
  expect(said).toEqual([expect.stringMatching(/ENOSPC/)])
  expect(said.join()).not.toContain(root)
  broken = false
  await grow()
  clock.pass()
  await end()
  expect(await signedSize()).toBe(1)
})
