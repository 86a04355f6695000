import { spawnSync } from 'node:child_process'
import { copyFile, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { aptus, expectSentence, inFolder, isBuilt, jsonOf } from './aptus.js'

const suite = isBuilt('tests/system/bundle.test.ts') ? describe : describe.skip

/** Runs the verifier that was handed out, as the auditor does: in the folder, without any file of ours. */
function verifyIn(folder: string, ...args: readonly string[]): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['verify.mjs', ...args], {
    cwd: folder,
    env: {},
    encoding: 'utf8',
  })
  expect(stdout + stderr).not.toContain(folder)
  return { code: status, said: stdout + stderr }
}

const Bundled = z.strictObject({ entries: z.int(), segments: z.int(), vkey: z.string() })

suite('what is handed to an auditor', () => {
  test(
    'is verified with what lies in the folder alone, and against the checkpoint that he kept',
    () =>
      inFolder(async (dir) => {
        const data = join(dir, 'data')
        const on = (...args: string[]): Promise<unknown> => jsonOf([...args, '--data', data])
        await on('import', 'csv', 'examples/data')
        await on('train')
        await on('release', 'build', '--activate')
        for (const investor of ['I01', 'I02', 'I03']) await on('recommend', investor)
        const [one, two] = [join(dir, 'one'), join(dir, 'two')]
        const { entries, vkey } = Bundled.parse(await on('audit', 'bundle', one))
        expect((await readdir(one)).sort()).toEqual(['README.md', 'ledger', 'verify.mjs'])
        expect((await readdir(join(one, 'ledger'))).sort()).toEqual(['checkpoint', 'ledger.vkey', 'log'])
        expect(await readFile(join(one, 'README.md'), 'utf8')).toContain(vkey)
        const words = new RegExp(`^${entries} entries in 1 segments hold, ${entries} of them signed`)
        expect(verifyIn(one, 'ledger', '--vkey', vkey)).toMatchObject({
          code: 0,
          said: expect.stringMatching(words) as string,
        })

        const refused = await aptus(['audit', 'bundle', one, '--data', data])
        expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('"one" exists') as string })
        expectSentence(refused, dir)

        for (const investor of ['I01', 'I04']) await on('recommend', investor)
        const later = Bundled.parse(await on('audit', 'bundle', two))
        expect(later).toMatchObject({ vkey })
        expect(later.entries).toBeGreaterThan(entries)
        await copyFile(join(one, 'ledger', 'checkpoint'), join(two, 'kept'))
        await copyFile(join(two, 'ledger', 'checkpoint'), join(one, 'kept'))
        const checked = ['ledger', '--vkey', vkey, '--checkpoint', 'kept']
        expect(verifyIn(two, ...checked).code).toBe(0)
        expect(await on('audit', 'verify', '--vkey', vkey, '--checkpoint', join(two, 'kept'))).toMatchObject({
          entries: later.entries,
          signed: later.entries,
          keyFrom: 'caller',
          faults: [],
        })

        const { decisionId } = z.looseObject({ decisionId: z.string() }).parse(await on('recommend', 'I02'))
        await on('audit', 'proof', decisionId, '--out', join(two, 'one.tlog-proof'))
        const proved = verifyIn(two, '--proof', 'one.tlog-proof', '--entry', 'one.entry', '--vkey', vkey)
        expect(proved).toEqual({ code: 0, said: expect.stringContaining(`${decisionId} is entry `) as string })
        const hashes = await on('audit', 'consistency', '--from', String(entries), '--to', String(later.entries))
        await writeFile(join(two, 'consistency.json'), JSON.stringify(hashes))
        const heads = ['--old', 'kept', '--new', join('ledger', 'checkpoint'), '--consistency', 'consistency.json']
        expect(verifyIn(two, ...heads, '--vkey', vkey)).toEqual({
          code: 0,
          said: `the ${later.entries} entries go on from the ${entries}\n`,
        })

        // The older bundle is what a directory would be that was rolled back.
        expect(verifyIn(one, ...checked)).toEqual({
          code: 1,
          said: `kept offset 0, after entry ${entries}: the log has ${entries} entries, ${later.entries} were signed: some are gone\n`,
        })
        expect(verifyIn(two, 'ledger', '--vkey', vkey.replace(/ledger\/./, 'ledger/z'))).toMatchObject({ code: 1 })

        const segment = join(two, 'ledger', 'log', '00000001.seg')
        const bytes = await readFile(segment)
        bytes[bytes.length >> 1] = bytes[bytes.length >> 1]! ^ 4
        await writeFile(segment, bytes)
        expect(verifyIn(two, ...checked)).toMatchObject({
          code: 1,
          said: expect.stringMatching(/^00000001\.seg offset \d+, after entry \d+: /) as string,
        })
        await rename(join(two, 'ledger', 'log'), join(two, 'log'))
        expect(verifyIn(two, ...checked)).toMatchObject({
          code: 2,
          said: expect.stringContaining('the folder has no log/ in it') as string,
        })
      }),
    180_000,
  )
})
