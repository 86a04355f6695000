import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { openCatalogueLog } from '../../features/store/catalogueLog.js'
import { openHistory } from '../../features/history/history.js'
import { aptus, expectSentence, inFolder, isBuilt, jsonOf } from './aptus.js'

const suite = isBuilt('tests/system/simulate.test.ts') ? describe : describe.skip

const size = ['--investors', '120', '--products', '120', '--days', '100', '--seed', '11']
const Records = z.array(z.looseObject({ id: z.string() })).min(1)

/** All that a data directory holds, but for the order in which profiles came between events. */
async function held(data: string) {
  const history = await openHistory(join(data, 'history'))
  const [events, profiles] = [[] as unknown[], [] as unknown[]]
  for await (const batch of history.eventsKnown(Number.MAX_SAFE_INTEGER)) events.push(...batch)
  for await (const batch of history.profilesKnown(Number.MAX_SAFE_INTEGER)) profiles.push(...batch)
  await history.close()
  const { digest, revision } = await (await openCatalogueLog(join(data, 'catalogue'))).head()
  return { events, profiles, catalogue: { digest, revision } }
}

/** What commands tell of a data directory. */
async function shown(data: string) {
  const on = (...args: string[]): Promise<unknown> => jsonOf([...args, '--data', data])
  const investors = Records.parse(await on('investors', 'list'))
  const asOf = '2100-01-01T00:00:00Z'
  const features = []
  for (const { id } of investors.filter((_, n) => n % 60 === 0))
    features.push(await on('features', 'show', id, '--as-of', asOf))
  return { investors, features, products: await on('products', 'list') }
}

suite('simulate --out', () => {
  test.each([[[]], [['--gzip']]])(
    'files that are imported give what the simulation gives straight, %j',
    (flags) =>
      inFolder(async (dir) => {
        const [straight, imported, out] = [join(dir, 'straight'), join(dir, 'imported'), join(dir, 'out')]
        const told = await jsonOf(['simulate', ...size, '--out', out, ...flags, '--data', join(dir, 'unused')])
        expect(existsSync(join(dir, 'unused'))).toBe(false)
        const end = flags.length === 0 ? '' : '.gz'
        const names = ['events.csv', 'investors.csv', 'nav.csv', 'products.csv'].map((name) => name + end)
        expect((await readdir(out)).sort()).toEqual(names)
        const { accepted } = z.object({ accepted: z.object({ events: z.int() }) }).parse(told)
        const report = await jsonOf(['import', 'csv', out, '--strict', '--data', imported])
        expect(report).toMatchObject({ rejected: 0, accepted: { products: 120, events: accepted.events } })
        await jsonOf(['simulate', ...size, '--data', straight])
        // What commands show is the same for the same facts: asked once.
        if (flags.length === 0) expect(await shown(imported)).toEqual(await shown(straight))
        const all = await held(straight)
        expect(all.events.length).toBeGreaterThan(200)
        expect(JSON.stringify(all.events)).toMatch(/"propensity":0\.\d/)
        expect(await held(imported)).toEqual(all)
      }),
    240_000,
  )

  test(
    'over imported products: investors and events alone',
    () =>
      inFolder(async (dir) => {
        const [data, out] = [join(dir, 'data'), join(dir, 'out')]
        const over = ['simulate', '--catalogue', '--investors', '80', '--days', '60', '--data', data]
        const empty = await aptus([...over, '--out', out])
        expect(empty.code).toBe(2)
        expectSentence(empty, dir)
        expect([existsSync(data), existsSync(out)]).toEqual([false, false])
        await jsonOf(['import', 'csv', 'examples/data', '--data', data])
        const before = await held(data)
        await jsonOf([...over, '--out', out])
        expect((await readdir(out)).sort()).toEqual(['events.csv', 'investors.csv'])
        expect(await held(data)).toEqual(before)
        expect(await jsonOf(['import', 'csv', out, '--strict', '--data', data])).toMatchObject({ rejected: 0 })
        expect((await held(data)).events.length).toBeGreaterThan(before.events.length + 50)
      }),
    240_000,
  )

  test('a folder with one of the files, a file for a folder, and --gzip alone are refused', () =>
    inFolder(async (dir) => {
      const out = join(dir, 'out')
      await mkdir(out)
      await writeFile(join(out, 'products.csv.gz'), 'mine')
      const occupied = await aptus(['simulate', ...size, '--out', out])
      expect([occupied.code, occupied.stderr]).toEqual([2, expect.stringContaining('has a file products.csv.gz')])
      expectSentence(occupied, dir)
      expect(await readdir(out)).toEqual(['products.csv.gz'])
      const file = await aptus(['simulate', ...size, '--out', join(out, 'products.csv.gz')])
      expect(file.code).toBe(2)
      expectSentence(file, dir)
      expect((await aptus(['simulate', '--gzip', '--data', join(dir, 'data')])).code).toBe(2)
      expect(existsSync(join(dir, 'data'))).toBe(false)
    }))
})
