import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ModelConfig } from '../models/config.js'
import { randomFor } from '../random.js'
import { readPairs } from './interactionFiles.js'
import { evaluateInteractions, type InteractionsOptions } from './interactions.js'

let dir = ''
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'interactions-'))))
afterEach(() => rm(dir, { recursive: true }))

const write = async (name: string, content: string | Uint8Array): Promise<string> => {
  await writeFile(join(dir, name), content)
  return join(dir, name)
}
const options = async (fields: Partial<InteractionsOptions>): Promise<InteractionsOptions> => ({
  train: await write('train.txt', 'u1 a b\nu2 a c\nu3 a\n'),
  test: await write('test.txt', 'u1 c\nu2 z\nu9 a\n'),
  config: { kind: 'popularity' },
  at: 2,
  seed: 1,
  clock: () => 0,
  ...fields,
})

const want = [
  ['u', 'a'],
  ['u', 'b'],
  ['v', 'a'],
]
test.each([
  ['lines', 'x.txt', 'u a b\nv a\nw\n'],
  ['lines with tabs and CRLF', 'x.txt', 'u\ta  b\r\nv a \r\n\r\n'],
  ['csv', 'x.csv', 'user,item\nu,a\nu,b\nv,a\n'],
  [
    'csv, columns elsewhere, with times',
    'x.csv',
    'timestamp,item,user\n1,a,u\n2020-01-01,b,u\n2020-01-01T00:00:00Z,a,v\n',
  ],
  ['csv, byte-order mark and quotes', 'x.csv', '\uFEFFuser,item\n"u",a\nu,"b"\nv,a\n'],
])('reads %s', async (_case, name, text) => {
  expect(await readPairs(await write(name, text))).toEqual(want)
  expect(await readPairs(await write(`${name}.gz`, gzipSync(text)))).toEqual(want)
})

test.each([
  ['empty file', 'x.txt', '', 'x.txt: holds no interaction'],
  ['header only', 'x.csv', 'user,item\n', 'x.csv: holds no interaction'],
  ['no item column', 'x.csv', 'user,product\nu,a\n', 'x.csv line 1: no column item'],
  ['no header', 'x.csv', 'u,a\nv,b\n', 'x.csv line 1: no column user'],
  ['empty item', 'x.csv', 'user,item\nu,a\nu,\n', 'x.csv line 3, column item: is empty'],
  ['empty user', 'x.csv', 'user,item\n,a\n', 'x.csv line 2, column user: is empty'],
  ['bad time', 'x.csv', 'user,item,timestamp\nu,a,soon\n', 'x.csv line 2, column timestamp: got "soon"'],
  ['ragged row', 'x.csv', 'user,item\nu,a,b\n', 'x.csv: Invalid Record Length'],
  ['csv within lines', 'x.txt', 'u a\nv a,b\n', 'x.txt line 2, column 2: got "a,b"'],
  ['not UTF-8', 'x.txt', new Uint8Array([0xff, 0xfe, 0x41]), 'x.txt: not UTF-8'],
  ['not gzip', 'x.txt.gz', 'u a\n', 'x.txt.gz: cannot be read'],
])('refuses: %s', async (_case, name, content, message) => {
  await expect(readPairs(await write(name, content))).rejects.toThrow(message)
})

test('popularity by hand', async () => {
  const out = join(dir, 'recs.csv')
  const report = await evaluateInteractions(await options({ out }))
  // Counts a 3, b 1, c 1. u1 has a and b: c. u2 has a and c: b; z is unknown. u9 is new: a, b.
  expect(await readFile(out, 'utf8')).toBe('user,rank,item\nu1,1,c\nu2,1,b\nu9,1,a\nu9,2,b\n')
  expect(report.metrics['recall@2']).toBeCloseTo(2 / 3, 12)
  expect(report.metrics['ndcg@2']).toBeCloseTo(2 / 3, 12)
  expect(report).toMatchObject({ model: 'popularity', users: 3, items: 3, pairs: 5 })
})

test('given candidates are ranked instead, those unknown to training last', async () => {
  const out = join(dir, 'recs.csv')
  const negatives = await write('negatives.txt', 'u1 a b\nu2 b\n')
  await evaluateInteractions(await options({ out, negatives, at: 3 }))
  expect(await readFile(out, 'utf8')).toBe('user,rank,item\nu1,1,a\nu1,2,b\nu1,3,c\nu2,1,b\nu2,2,z\nu9,1,a\n')
})

test('a run that fails leaves no file behind', async () => {
  const out = join(dir, 'recs.csv')
  const test = await write('test.csv', 'user,item\nu1,\n')
  await expect(evaluateInteractions(await options({ out, test }))).rejects.toThrow('test.csv line 2')
  await expect(evaluateInteractions(await options({ out: join(dir, 'no', 'recs.csv') }))).rejects.toThrow(
    'recs.csv: cannot be written (ENOENT)',
  )
  expect((await readdir(dir)).filter((name) => name.includes('recs'))).toEqual([])
})

test('iALS runs, and a model that needs products is refused', async () => {
  const ials = ModelConfig.parse({ kind: 'ials', dimension: 2 })
  expect((await evaluateInteractions(await options({ config: ials }))).metrics['recall@2']).toBeGreaterThan(0)
  const content = ModelConfig.parse({ kind: 'content' })
  await expect(evaluateInteractions(await options({ config: content }))).rejects.toThrow(
    'want popularity, ease, item-knn, blend, ials, spectral or two-tower',
  )
})

test('two-tower learns from pairs alone what popularity cannot', async () => {
  const { uniform } = randomFor(5, 'groups')
  const taken = Array.from({ length: 300 }, (_, user) => {
    const row = new Set<number>()
    while (row.size < 8) row.add(20 * (user % 5) + Math.floor(20 * uniform() ** 2))
    return [...row].sort(() => uniform() - 0.5).map((item) => `i${item}`)
  })
  const lines = (part: (row: string[]) => string[]): string =>
    taken.map((row, user) => [`u${user}`, ...part(row)].join(' ')).join('\n')
  const files = {
    train: await write(
      'groups.txt',
      lines((row) => row.slice(2)),
    ),
    test: await write(
      'held.txt',
      lines((row) => row.slice(0, 2)),
    ),
  }
  const recallOf = async (config: object): Promise<number> => {
    const report = await evaluateInteractions(await options({ ...files, at: 10, config: ModelConfig.parse(config) }))
    return report.metrics['recall@10'] ?? NaN
  }
  const floor = await recallOf({ kind: 'popularity' })
  const tower = { kind: 'two-tower', dimension: 16, embedding: 16, hidden: 16, temperature: 0.1, negatives: 64 }
  expect(await recallOf(tower)).toBeGreaterThan(1.5 * floor)
})
