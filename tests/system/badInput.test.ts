import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { aptus, type Ended, expectSentence, inFolder, isBuilt, jsonOf } from './aptus.js'

const suite = isBuilt('tests/system/badInput.test.ts') ? describe : describe.skip

const example = join('examples', 'data')

/** products.csv of the example with R7 as the risk level of line 18, and investors.csv beside it. */
async function withBadLine(dir: string): Promise<string> {
  const bad = join(dir, 'bad')
  await mkdir(bad)
  const lines = (await readFile(join(example, 'products.csv'), 'utf8')).split('\n')
  const column = (lines[0] ?? '').split(',').indexOf('risk_level')
  lines[17] = (lines[17] ?? '')
    .split(',')
    .map((cell, place) => (place === column ? 'R7' : cell))
    .join(',')
  await writeFile(join(bad, 'products.csv'), lines.join('\n'))
  await cp(join(example, 'investors.csv'), join(bad, 'investors.csv'))
  return bad
}

const wantLine18 = 'products.csv line 18, column risk_level: got "R7", want R1 to R5'

/** All that a data directory tells of products and investors. */
const holdings = async (data: string): Promise<unknown> => [
  await jsonOf(['products', 'list', '--data', data]),
  await jsonOf(['investors', 'list', '--data', data]),
  await readFile(join(data, 'catalogue', 'revisions.json'), 'utf8').catch(() => 'no revision'),
]

async function flipByte(file: string): Promise<void> {
  const bytes = await readFile(file)
  const place = bytes.length - 5
  bytes[place] = (bytes[place] ?? 0) ^ 1
  await writeFile(file, bytes)
}

function expectRefused(ended: Ended, code: number, words: RegExp | string, dir: string): void {
  expect(ended.stderr).toMatch(words)
  expect(ended.code).toBe(code)
  expectSentence(ended, dir)
}

suite('a line that fails', () => {
  test(
    'strict: nothing goes in, neither into an empty directory nor into a full one',
    () =>
      inFolder(async (dir) => {
        const bad = await withBadLine(dir)
        const data = join(dir, 'data')
        expectRefused(await aptus(['import', 'csv', bad, '--strict', '--data', data]), 2, wantLine18, dir)
        // Nothing went in, so the directory is as new, and "aptus start" would set it up.
        expect(await readdir(data)).toEqual([])
        await jsonOf(['import', 'csv', join('examples', 'cn-investors'), '--data', data])
        const before = await holdings(data)
        expectRefused(await aptus(['import', 'csv', bad, '--strict', '--data', data]), 2, wantLine18, dir)
        expect(await holdings(data)).toEqual(before)
        expect(await readdir(join(data, 'imports'))).toEqual(['0001-csv'])
      }),
    60_000,
  )

  test(
    'not strict: the rest goes in, and the line is told and kept',
    () =>
      inFolder(async (dir) => {
        const bad = await withBadLine(dir)
        const data = join(dir, 'data')
        const ended = await aptus(['import', 'csv', bad, '--data', data])
        expect(ended.code).toBe(0)
        expect(ended.stdout).toContain(wantLine18)
        expect(ended.stdout).toContain('imports/0001-csv/rejected.csv')
        const kept = await readFile(join(data, 'imports', '0001-csv', 'rejected.csv'), 'utf8')
        expect(kept).toMatch(/^file,line,column,reason,original\nproducts\.csv,18,risk_level,/)
        expect(kept.trim().split('\n')).toHaveLength(2)
        expect(z.array(z.unknown()).parse(await jsonOf(['products', 'list', '--data', data])).length).toBeGreaterThan(
          190,
        )
        expect(await jsonOf(['investors', 'list', '--data', data])).toHaveLength(50)
      }),
    60_000,
  )
})

suite('a file that is none of ours', () => {
  const columns = 'id,company_id,company_name,name_zh_cn,kind,currency,status,known_at'
  test.each([
    [
      'an unknown column',
      'products.csv',
      `${columns},colour\n`,
      /products\.csv line 1, column "colour": not known; want/,
    ],
    ['a missing column', 'products.csv', 'id,kind\n', /products\.csv line 1, column \w+: missing; add it/],
    [
      'no header',
      'products.csv',
      'P1,c1,C,名,bond,CNY,open,2026-05-01T00:00:00Z\n',
      /products\.csv line 1, column "P1"/,
    ],
    ['an empty file', 'products.csv', '', /products\.csv line 1, the file is empty; want a header line/],
    ['a name that is not looked for', 'letter.txt', 'hello', /no file: want investors\.csv, products\.csv/],
    [
      'bytes that are no text',
      'products.csv',
      Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 167) % 256)),
      /products\.csv/,
    ],
    [
      'bytes that are no gzip',
      'products.csv.gz',
      Buffer.from('not gzip'),
      /products\.csv\.gz: this is no gzip file .*get it again/,
    ],
  ])('%s is told with the file and what to do', (_, name, content, words) =>
    inFolder(async (dir) => {
      const bad = join(dir, 'bad')
      await mkdir(bad)
      await writeFile(join(bad, name), content)
      const data = join(dir, 'data')
      expectRefused(await aptus(['import', 'csv', bad, '--data', data]), 2, words, dir)
    }),
  )

  test.each(['csv', 'cn-funds', 'far-trans'])('import %s: a folder without any file, no folder, a file', (source) =>
    inFolder(async (dir) => {
      await mkdir(join(dir, 'empty'))
      const data = join(dir, 'data')
      const on = (folder: string): Promise<Ended> => aptus(['import', source, folder, '--data', data])
      expectRefused(await on(join(dir, 'empty')), 2, /want/, dir)
      expectRefused(await on('no-such-folder'), 2, 'there is no folder "no-such-folder"', dir)
      expectRefused(await on('package.json'), 2, '"package.json" is a file; want the folder', dir)
    }),
  )
})

const Run = z.looseObject({ id: z.string() })

suite('a byte that changed', () => {
  test(
    'in a model: no release is made of it',
    () =>
      inFolder(async (data) => {
        await jsonOf(['import', 'csv', example, '--data', data])
        const { id } = Run.parse(await jsonOf(['train', '--data', data]))
        await flipByte(join(data, 'runs', id, 'model.safetensors'))
        for (const args of [
          ['release', 'build'],
          ['release', 'build', '--run', id],
          ['models', 'show', id],
        ])
          expectRefused(
            await aptus([...args, '--data', data]),
            1,
            `run ${id}: model.safetensors is not the file that was written; train again`,
            data,
          )
        expect(await jsonOf(['release', 'list', '--data', data])).toEqual([])
      }),
    60_000,
  )

  test(
    'in any part of a release: it is not served, and nobody gets an answer',
    () =>
      inFolder(async (dir) => {
        const whole = join(dir, 'whole')
        await jsonOf(['import', 'csv', example, '--data', whole])
        await jsonOf(['train', '--data', whole])
        const { digest } = z
          .looseObject({ digest: z.string() })
          .parse(await jsonOf(['release', 'build', '--data', whole]))
        const [listed] = z
          .array(z.looseObject({ manifest: z.looseObject({ model: z.string(), levels: z.string() }) }))
          .parse(await jsonOf(['release', 'list', '--data', whole]))
        for (const part of [digest, listed?.manifest.model ?? '', listed?.manifest.levels ?? '']) {
          const data = join(dir, part.slice(7, 15))
          await cp(whole, data, { recursive: true })
          const hex = part.slice('sha256:'.length)
          await flipByte(join(data, 'blobs', hex.slice(0, 2), hex))
          for (const args of [
            ['serve', '--port', '0'],
            ['recommend', 'I01'],
            ['release', 'activate', digest],
          ])
            expectRefused(
              await aptus([...args, '--data', data]),
              1,
              new RegExp(`${part}.*restore it from a backup`),
              dir,
            )
        }
      }),
    120_000,
  )
})
