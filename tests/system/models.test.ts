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
        // The page of a run: made with it, anew where it is asked for, and nobody is named there.
        const page = await readFile(join(data, 'runs', first.id, 'report.html'), 'utf8')
        expect(page).toContain(`<h1>Training run ${first.id}</h1>`)
        expect(page).toContain('Investor 12: ')
        const people = (await readFile('examples/data/investors.csv', 'utf8')).trim().split('\n').slice(1)
        for (const person of people) expect(page).not.toContain(person.split(',')[0])
        const out = join(dir, 'page.html')
        expect(await on('models', 'report', first.id, '--out', out)).toEqual({ run: first.id, file: out })
        expect(await readFile(out, 'utf8')).toContain('against popularity')
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
    300_000,
  )
})
