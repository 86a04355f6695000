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
        const served = Served.parse(await on('models', 'promote', first.id))
        expect(served).toMatchObject({ act: 'promote', runId: first.id, previous: null, overridden: [] })
        // The second was trained when nothing served, so that nothing says that it is no worse than the first.
        const refused = await aptus(['models', 'promote', second.id, '--data', data])
        expect(refused.code).toBe(1)
        expect(refused.stderr).toContain('SHUT  judged: judged beside popularity alone')
        expect(refused.stderr).toMatch(/is not promoted: judged. Nothing was changed/)
        expect(refused.stderr).toContain('passed  parity:')
        expectSentence(refused, dir)

        const because = ['--override', 'judged', '--reason', 'the market is invented']
        const next = Served.parse(await on('models', 'promote', second.id, ...because))
        expect(next).toMatchObject({
          previous: served.release,
          overridden: ['judged'],
          reason: 'the market is invented',
        })
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
