import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { counted } from '../tests/full.js'
import { inFolder, isBuilt } from '../tests/system/aptus.js'
import { realDataDir } from './realCatalogue.js'
import { afterwards, recordReal, replayAll, runOn } from './replay.js'

const present = existsSync(join(realDataDir(), 'cn-funds'))
if (!present) {
  if (process.env['CI_NO_SKIP'] === '1') throw new Error('cn-funds is absent, and CI_NO_SKIP=1 forbids to skip')
  console.warn('skipped: benchmarks/replay.test.ts, set APTUS_REAL_DATA to the folder that holds cn-funds/')
}
const suite = present && isBuilt('benchmarks/replay.test.ts') ? describe : describe.skip
const node = process.execPath
const count = counted(10_000)

suite('decisions over the real Chinese funds', () => {
  test(
    'replay byte for byte after a restart and changes of catalogue, model and rules; damage is never the same',
    () =>
      inFolder(async (dir) => {
        const told = await recordReal(node, dir, count)
        const all = await replayAll(node, dir)
        console.info(JSON.stringify(told), JSON.stringify(all))
        // A few investors of an instant before they were known are recorded by nobody.
        expect(all.decisions).toBeGreaterThan(count * (1 + afterwards) * 0.94)
        expect(all).toMatchObject({ code: 0, same: all.decisions, differs: 0, erased: 0, unavailable: 0 })
        for (const kind of ['live personal', 'live non-personal', 'live no-assessment', 'historical personal'])
          expect(JSON.stringify(told[0])).toContain(kind)

        const { releases, active } = JSON.parse(await readFile(join(dir, 'releases', 'releases.json'), 'utf8')) as {
          releases: string[]
          active: string
        }
        const fileOf = (digest = ''): string => join(dir, 'blobs', digest.slice(7, 9), digest.slice(7))
        const former = releases.find((digest) => digest !== active)
        const { model } = JSON.parse(await readFile(fileOf(former), 'utf8')) as { model: string }
        const bytes = await readFile(fileOf(model))
        bytes[bytes.length >> 1]! ^= 1
        await writeFile(fileOf(model), bytes)
        const damaged = await replayAll(node, dir)
        expect(damaged).toMatchObject({ code: 1, differs: 0, decisions: all.decisions })
        expect(damaged.unavailable).toBeGreaterThan(damaged.decisions / 2)
        expect(damaged.same + damaged.unavailable).toBe(damaged.decisions)
        bytes[bytes.length >> 1]! ^= 1
        await writeFile(fileOf(model), bytes)

        const { revisions } = JSON.parse(await readFile(join(dir, 'catalogue', 'revisions.json'), 'utf8')) as {
          revisions: { digest: string }[]
        }
        const revision = revisions.at(-1)?.digest ?? ''
        const file = join(dir, 'catalogue', 'blobs', revision.slice(7, 9), revision.slice(7))
        await writeFile(file, 'changed')
        const args = ['cli/main.js', 'audit', 'replay', '--day', '2026-05-09', '--data', dir]
        const ended = await runOn(node, args)
        expect(ended.code).toBe(1)
        expect(`${ended.stdout}${ended.stderr}`).toContain('is damaged')
      }),
    3_600_000,
  )
})
