import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beginJournal, continueJournal, type Journal, readJournal, type Search } from './journal.js'
import { rungsOf } from './rungs.js'
import { configAt, parseSpace } from './space.js'
import { type Objective, tune, type Tuning } from './tune.js'

const space = parseSpace(
  [
    'kind: ease',
    'parameters:',
    '  lambda: { range: [1, 1000], scale: log }',
    '  popularityWeight: { values: [0, 1, 2] }',
  ].join('\n'),
  'space.yaml',
)
const search: Search = { v: 1, space: 's', seed: 7, budget: 20, asOf: 0, data: 'd' }
/** The nearer λ to 100 the better, a little blurred on few investors; of weight 2 there is no fit. */
const objective: Objective = (config, share) => {
  if (config.kind !== 'ease') throw new TypeError('a config of another kind')
  if (config.popularityWeight === 2) return Promise.reject(new Error('does not fit'))
  return Promise.resolve({ 'ndcg@10': -Math.abs(Math.log(config.lambda / 100)) + (1 - share) / config.lambda })
}
const tuning = (journal: Journal, more: Partial<Tuning> = {}): Tuning => ({
  ...{ space, objective, metric: 'ndcg@10', journal, clock: () => 0 },
  ...more,
})

let dir = ''
let file = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aptus-tune-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))
beforeEach(() => (file = join(dir, `${expect.getState().currentTestName?.length}.jsonl`)))

const whole = async (at: string) => {
  const journal = await beginJournal(at, search)
  const board = await tune(tuning(journal))
  await journal.close()
  return board
}

test.each([
  [1, [[1, 1]]],
  [
    3,
    [
      [3, 1 / 3],
      [1, 1],
    ],
  ],
  [
    20,
    [
      [20, 1 / 9],
      [7, 1 / 3],
      [3, 1],
    ],
  ],
  [
    27,
    [
      [27, 1 / 9],
      [9, 1 / 3],
      [3, 1],
    ],
  ],
])('%i trials: a third goes on, on three times as much', (trials, rungs) => {
  expect(rungsOf(trials).map((rung) => [rung.trials, rung.share])).toEqual(rungs)
})

test('the best of what was drawn leads, and who could not be fitted stands last', async () => {
  const board = await whole(file)
  expect(board).toHaveLength(20)
  expect(board.slice(0, 3).map(({ rung, share }) => [rung, share])).toEqual([
    [2, 1],
    [2, 1],
    [2, 1],
  ])
  const distance = (n: number): number => {
    const config = configAt(space, search.seed, n)
    return config.kind === 'ease' && config.popularityWeight < 2 ? Math.abs(Math.log(config.lambda / 100)) : Infinity
  }
  const nearest = Math.min(...Array.from({ length: 20 }, (_, n) => distance(n)))
  expect(distance(board[0]?.trial ?? -1)).toBe(nearest)
  expect(board.at(-1)).toMatchObject({ score: null, fault: 'does not fit' })
})

test('cut off anywhere, in the middle of a line too, and resumed: the same leaderboard, and nothing is tried twice', async () => {
  const expected = await whole(file)
  const lines = (await readFile(file, 'utf8')).split('\n')
  expect(lines).toHaveLength(32)
  for (const kept of [1, 2, 15, 22, 29, 31]) {
    const at = join(dir, `cut-${kept}.jsonl`)
    await writeFile(at, `${lines.slice(0, kept).join('\n')}\n`)
    if (kept % 2 === 1) await appendFile(at, lines[kept]?.slice(0, 30) ?? '')
    const read = await readJournal(at)
    if (read === null) throw new Error('the journal is gone')
    const journal = await continueJournal(at, read)
    let tried = 0
    const counting: Objective = (...asked) => ((tried += 1), objective(...asked))
    expect(await tune(tuning(journal, { objective: counting }))).toEqual(expected)
    await journal.close()
    expect(tried).toBe(31 - kept)
    expect(await readFile(at, 'utf8')).toBe(lines.join('\n'))
  }
})

test('a trial follows from seed and number alone', () => {
  expect(configAt(space, 1, 5)).toEqual(configAt(space, 1, 5))
  const drawn = Array.from({ length: 300 }, (_, n) => configAt(space, 1, n))
  const lambdas = drawn.flatMap((config) => (config.kind === 'ease' ? [config.lambda] : []))
  expect(lambdas.every((lambda) => lambda >= 1 && lambda <= 1000)).toBe(true)
  // Even over the logarithm: a third each below 10, below 100 and above.
  for (const [low, high] of [
    [1, 10],
    [10, 100],
    [100, 1000],
  ] as const)
    expect(lambdas.filter((lambda) => lambda >= low && lambda < high).length).toBeGreaterThan(70)
})

test.each([
  ['kind: ease\nparameters: { lamda: { values: [1] } }', 'parameters.lamda: top level: Unrecognized key: "lamda"'],
  ['kind: ials\nparameters: { nu: { range: [0, 2] } }', 'parameters.nu: nu: '],
  ['kind: ials\nparameters: { nu: { range: [1, 0] } }', 'want a range from the lower to the higher'],
  ['kind: ials\nparameters: { lambda: { range: [0, 1], scale: log } }', 'a log scale wants a range above 0'],
  ['kind: [', 'no valid YAML'],
])('a space that holds no config is refused: %s', (text, fault) => {
  expect(() => parseSpace(text, 'space.yaml')).toThrow(`space.yaml: `)
  expect(() => parseSpace(text, 'space.yaml')).toThrow(fault)
})

test('a journal with a damaged line is refused, and one that began anew is kept beside', async () => {
  await writeFile(file, `${JSON.stringify(search)}\n{"trial":\n`)
  await expect(readJournal(file)).rejects.toThrow('line 2: it is damaged')
  await (await beginJournal(file, search)).close()
  expect(await readFile(`${file}.before`, 'utf8')).toContain('{"trial":')
})
