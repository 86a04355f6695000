import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { aptus, expectSentence, inFolder, isBuilt, jsonOf } from './aptus.js'

const suite = isBuilt('tests/system/models.test.ts') ? describe : describe.skip
const Run = z.looseObject({ id: z.string() })
const Served = z.looseObject({ release: z.string(), previous: z.string().nullable() })

suite('models', () => {
  test(
    'a run is refused by its gates, promoted by a named override, and rolled back',
    () =>
      inFolder(async (dir) => {
        const data = join(dir, 'data')
        const on = (...args: string[]): Promise<unknown> => jsonOf([...args, '--data', data])
        await on('import', 'csv', 'examples/data')
        const first = Run.parse(await on('train'))
        const second = Run.parse(await on('train', '--seed', '2'))
        // Too few purchases to hold any out, so that nothing says that it is no worse.
        const refused = await aptus(['models', 'promote', first.id, '--data', data])
        expect(refused.code).toBe(1)
        expect(refused.stderr).toContain('SHUT  judged: not judged: too few new purchases were held out')
        expect(refused.stderr).toMatch(/is not promoted: judged, violations. Nothing was changed/)
        expect(refused.stderr).toContain('passed  parity:')
        expectSentence(refused, dir)
        const overriding = ['--override', 'judged', '--override', 'violations']
        const because = [...overriding, '--reason', 'the market is invented']
        const served = Served.parse(await on('models', 'promote', first.id, ...because))
        expect(served).toMatchObject({ act: 'promote', runId: first.id, previous: null })
        expect(served).toMatchObject({ overridden: ['judged', 'violations'], reason: 'the market is invented' })
        const next = Served.parse(await on('models', 'promote', second.id, ...because))
        expect(next.previous).toBe(served.release)
        expect(await on('models', 'compare', first.id, second.id)).toMatchObject({ sameData: true })
        expect(await on('models', 'rollback')).toMatchObject({ act: 'rollback', release: served.release })
        expect((await aptus(['models', 'rollback', '--data', data])).stderr).toContain('no release was active before')

        const lines = (await readFile(join(data, 'runs', 'promotions.jsonl'), 'utf8')).trim().split('\n')
        expect(lines.map((line) => (JSON.parse(line) as { act: string }).act)).toEqual([
          'promote',
          'promote',
          'rollback',
        ])
        expect(await on('audit', 'verify')).toMatchObject({ faults: [], entries: 6 })
      }),
    120_000,
  )
})
