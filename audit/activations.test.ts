import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DecisionId, Digest } from '../features/schema/ids.js'
import { activationsIn, disagreementEntry, systemEntryId } from './activations.js'
import { SystemEntry } from './entry.js'
import { type Ledger, openLedger } from './ledger.js'

const [a, b] = ['a', 'b'].map((letter) => Digest.parse(`sha256:${letter.repeat(64)}`)) as [Digest, Digest]
let dir = ''
let ledger: Ledger
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'activations-'))
  ledger = await openLedger(join(dir, 'ledger'))
})
afterEach(async () => {
  await ledger.close()
  await rm(dir, { recursive: true })
})
const entered = async (): Promise<readonly object[]> => {
  const found: object[] = []
  for await (const { entry } of ledger.iterate()) found.push(entry)
  return found
}

test('software is entered where either version is another than the last', async () => {
  const { software } = activationsIn(ledger)
  const versions = [
    ['1', '20'],
    ['1', '20'],
    ['1', '22'],
    ['2', '22'],
    ['1', '20'],
  ] as const
  for (const [at, [aptus, node]] of versions.entries()) await software({ aptus, node }, at)
  expect(await entered()).toMatchObject(
    [0, 2, 3, 4].map((at) => ({ v: 1, type: 'software', at, aptus: versions[at]?.[0], node: versions[at]?.[1] })),
  )
})

test('a release is entered with the one before it, unless it serves already', async () => {
  const { release } = activationsIn(ledger)
  for (const [at, digest] of [a, a, b, a].entries()) await release(digest, at)
  expect(await entered()).toMatchObject([
    { type: 'release-activation', at: 0, release: a, previous: null },
    { type: 'release-activation', at: 2, release: b, previous: a },
    { type: 'release-activation', at: 3, release: a, previous: b },
  ])
})

test('a revision of the catalogue is entered where its number or its digest is another', async () => {
  const { catalogue } = activationsIn(ledger)
  const revisions = [
    [1, a],
    [1, a],
    [1, b],
    [2, b],
  ] as const
  for (const [at, [revision, digest]] of revisions.entries()) await catalogue({ revision, digest }, at)
  expect(await entered()).toMatchObject([
    { type: 'catalogue-revision', at: 0, revision: 1, digest: a },
    { type: 'catalogue-revision', at: 2, revision: 1, digest: b },
    { type: 'catalogue-revision', at: 3, revision: 2, digest: b },
  ])
})

test('an alarm names its decision, and each entry has an id of its own', () => {
  const decisionId = DecisionId.parse('d-1')
  const entry = disagreementEntry({ decisionId, count: 2 }, 5)
  expect(SystemEntry.parse(entry)).toMatchObject({ v: 1, type: 'recheck-disagreement', decisionId, count: 2, at: 5 })
  expect(entry).toHaveProperty('entryId', expect.stringMatching(/^s-[0-9a-f]{32}$/))
  expect(systemEntryId()).not.toBe(systemEntryId())
})
