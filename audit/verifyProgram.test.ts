import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  checkpointOf,
  consistencyOf,
  forgeSegments,
  inclusionOf,
  leafOf,
  rootOf,
  vkeyOf,
} from '../tests/forgedLedger.js'
import { encodeCanonical } from './canonical.js'
import { runVerifier } from './verify.js'

/** The program as an auditor calls it, on a forged ledger of nine entries in two segments. */
const signer = { name: 'aptus.invalid/ledger/0123456789abcdef', ...generateKeyPairSync('ed25519') }
const vkey = vkeyOf(signer)
const entries = Array.from({ length: 9 }, (_, place) =>
  Buffer.from(encodeCanonical({ v: 1, type: 'test', entryId: `entry-${place}` })),
)
const leaves = entries.map(leafOf)
const headOf = (size: number): Buffer => checkpointOf(signer, size, rootOf(leaves.slice(0, size)))
const root = rootOf(leaves).toString('base64')

let dir: string
const file = (name: string): string => join(dir, name)
const put = (name: string, content: string | Buffer): Promise<void> => writeFile(file(name), content)

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aptus-verifier-'))
  await mkdir(file('log'))
  const segments = forgeSegments(
    [entries.slice(0, 5), entries.slice(5)].map((bodies) => [
      ...bodies.map((body) => ({ kind: 1, body })),
      { kind: 2, body: Buffer.alloc(0) },
    ]),
  )
  for (const [place, bytes] of segments.entries()) await put(join('log', `0000000${place + 1}.seg`), bytes)
  await put('checkpoint', headOf(9))
  await put('ledger.vkey', `${vkey}\n`)
  await put('kept', headOf(4))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const holds = (words: string) => ({ exitCode: 0, stdout: `${words}\n`, stderr: '' })
const fails = (words: string) => ({ exitCode: 1, stdout: `${words}\n`, stderr: '' })
const refuses = (words: string) => ({ exitCode: 2, stdout: '', stderr: `${words}\n` })
const usage = /^node verify\.mjs DIR .*\n(.*\n){6}$/

describe('a folder', () => {
  const all = `9 entries in 2 segments hold, 9 of them signed`

  test('holds by a key that is given, as text or as a file', async () => {
    expect(await runVerifier([dir, '--vkey', vkey])).toEqual(holds(`${all}\nroot ${root}`))
    expect(await runVerifier([dir, '--vkey', file('ledger.vkey')])).toEqual(holds(`${all}\nroot ${root}`))
  })

  test('says that its own key is its own word', async () => {
    expect(await runVerifier([dir])).toEqual(
      holds(`${all}; the key is the ledger’s own word: compare it with one that you got elsewhere\nroot ${root}`),
    )
  })

  test('says as JSON what it says in words', async () => {
    const { exitCode, stdout } = await runVerifier([dir, '--json', '--vkey', vkey, '--checkpoint', file('kept')])
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      segments: 2,
      entries: 9,
      root,
      signed: 9,
      keyFrom: 'caller',
      checkpoints: [
        { file: 'checkpoint', size: 9, holds: true },
        { file: 'kept', size: 4, holds: true },
      ],
      faults: [],
    })
  })

  test('fails by each checkpoint that was kept and does not hold', async () => {
    await put('fork', checkpointOf(signer, 3, leaves[0]!))
    await put('later', checkpointOf(signer, 12, leaves[0]!))
    const kept = ['--checkpoint', file('fork'), '--checkpoint', file('later'), '--checkpoint', file('kept')]
    expect(await runVerifier([dir, '--vkey', vkey, ...kept])).toEqual(
      fails(
        'fork offset 0, after entry 3: another root at size 3: the log is not the one that was signed\n' +
          'later offset 0, after entry 9: the log has 9 entries, 12 were signed: some are gone',
      ),
    )
  })

  test('without a log is no ledger', async () => {
    const { exitCode, stdout, stderr } = await runVerifier([file('log')])
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    const [said, ...more] = stderr.split('\n')
    expect(said).toBe('the folder has no log/ in it: want a ledger, or a copy of one')
    expect(more.join('\n')).toMatch(usage)
  })
})

describe('one entry', () => {
  beforeEach(async () => {
    const path = inclusionOf(7, leaves).map((hash) => hash.toString('base64'))
    const lines = ['c2sp.org/tlog-proof@v1', 'index 7', ...path, '', headOf(9).toString('utf8')]
    await put('one.tlog-proof', lines.join('\n'))
    await put('one.entry', entries[7]!)
    await put('other.entry', entries[6]!)
  })
  const run = (entry: string, ...more: readonly string[]) =>
    runVerifier(['--proof', file('one.tlog-proof'), '--entry', file(entry), '--vkey', vkey, ...more])

  test('is proved, or not', async () => {
    expect(await run('one.entry')).toEqual(holds('entry-7 is entry 7 of the 9 that are signed'))
    expect(await run('other.entry')).toEqual(fails('it does not hold: the entry is not proved to be entry 7 of 9'))
    expect(await run('one.entry', '--json')).toEqual(holds('{"entryId":"entry-7","index":7,"size":9}'))
    expect(await run('other.entry', '--json')).toEqual(fails('{"fault":"the entry is not proved to be entry 7 of 9"}'))
  })

  test('a file that is not there is named, without its folder', async () => {
    const { exitCode, stderr } = await run('none.entry')
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^there is no file none\.entry\n/)
    expect(stderr).not.toContain(dir)
  })

  test('a folder in the place of a file is told by its code alone', async () => {
    expect(await run('log')).toEqual(refuses('reading failed (EISDIR)'))
  })
})

describe('one checkpoint after another', () => {
  const hashes = consistencyOf(4, leaves).map((hash) => hash.toString('base64'))
  const run = (...more: readonly string[]) =>
    runVerifier(['--old', file('kept'), '--new', file('checkpoint'), '--vkey', vkey, ...more])

  test.each<[string, string]>([
    ['one hash a line', `${hashes.join('\n')}\n`],
    ['JSON', JSON.stringify({ hashes })],
    ['JSON, and more of it', ` ${JSON.stringify({ from: 4, hashes })}`],
  ])('goes on from it, by %s', async (_, content) => {
    await put('consistency', content)
    expect(await run('--consistency', file('consistency'))).toEqual(holds('the 9 entries go on from the 4'))
  })

  test('does not go on by other hashes', async () => {
    await put('consistency', hashes.slice(1).join('\n'))
    expect(await run('--consistency', file('consistency'))).toEqual(
      fails('it does not hold: size 9 is not proved to go on from size 4'),
    )
  })

  test.each(['{}', '{"hashes":"x"}', '{"hashes":["x",1]}'])('%s is no list of hashes', async (content) => {
    await put('consistency', content)
    const { exitCode, stderr } = await run('--consistency', file('consistency'))
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^no list of hashes\n/)
  })

  test('what is no JSON is refused with what the parser says', async () => {
    await put('consistency', '{"hashes":')
    expect(await run('--consistency', file('consistency'))).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(/^[^\n]*JSON[^\n]*\n$/) as string,
    })
  })

  test('wants all three files', async () => {
    const { exitCode, stderr } = await run()
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^want --proof and --entry, or --old, --new and --consistency\n/)
  })
})

describe('what it is asked', () => {
  test('help is the usage alone', async () => {
    const { exitCode, stdout, stderr } = await runVerifier(['--help'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(usage)
  })

  test.each<[string, () => readonly string[], RegExp]>([
    ['nothing', () => [], /^want one folder, or a proof and --vkey\n/],
    ['two folders', () => [dir, dir, '--vkey', vkey], /^want one folder, or a proof and --vkey\n/],
    ['a proof without a key', () => ['--proof', 'p', '--entry', 'e'], /^want one folder, or a proof and --vkey\n/],
    ['a proof without its entry', () => ['--proof', 'p', '--vkey', vkey], /^want --proof and --entry, or --old/],
    ['no consistency', () => ['--old', 'o', '--new', 'n', '--vkey', vkey], /^want --proof and --entry, or --old/],
    ['no newer', () => ['--old', 'o', '--consistency', 'c', '--vkey', vkey], /^want --proof and --entry, or --old/],
    ['no older', () => ['--new', 'n', '--consistency', 'c', '--vkey', vkey], /^want --proof and --entry, or --old/],
    ['a key that is no file', () => [dir, '--vkey', 'none'], /^there is no file none\n/],
    ['an option that there is not', () => [dir, '--repair'], /^Unknown option '--repair'/],
  ])('%s is refused with the usage', async (_, args, why) => {
    const { exitCode, stdout, stderr } = await runVerifier(args())
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(why)
    expect(stderr.slice(stderr.indexOf('node verify.mjs DIR'))).toMatch(usage)
  })
})
