import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pseudonym } from '../audit/commitment.js'
import { openRecord } from '../audit/record.js'
import { type Row } from '../audit/search/columns.js'
import { countsOf } from '../audit/search/counts.js'
import { exportTo } from '../audit/search/exportFile.js'
import { openFiles, type SearchFiles } from '../audit/search/files.js'
import { pageOf, type Query, rowsOf } from '../audit/search/query.js'
import { sampleOf } from '../audit/search/sample.js'
import { openSearch } from '../audit/search/search.js'
import { type ProductId } from '../features/schema/ids.js'
import { folders } from '../serving/home.js'
import { prepared } from './auditBacktest.js'
import { firmId } from './auditBacktestRecord.js'
import { report, rounded } from './suite.js'

export type SearchSize = {
  /** Decisions that go through the real record, and are read from it. */
  readonly recorded: number
  /** Rows that are searched: those of the recorded, repeated for other persons, ids and instants up to so many. */
  readonly entries: number
  readonly products: number
  readonly investors: number
}

type Measured = { readonly what: string; readonly first: number; readonly median: number; readonly found: number }

const page = { limit: 50 }
const batch = 8192
const noDigest = '0'.repeat(64)

/** How long it takes to find entries among a million, and what it takes to keep them findable. */
export async function auditSearch(size: SearchSize): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-search-'))
  try {
    const { rows, seconds, bytes } = await takenIn(dir, size)
    const { persons, adding } = await repeated(join(dir, 'many'), rows, size)
    const measured = await searched(join(dir, 'many'), persons, rows)
    const total = await bytesOf(join(dir, 'many'))
    report('audit-search', {
      question: 'How long does it take to find entries among a million, and to keep them findable?',
      baseline: 'none: milliseconds; "first": the first of its kind after opening, the files in the page cache',
      n: `${size.entries} entries of ${size.investors} persons; pages of ${page.limit}`,
      rows: measured.map(({ what, first, median, found }) => ({
        what,
        'first ms': rounded(first, 0),
        'median ms': rounded(median, 0),
        found,
      })),
      remarks: [
        `${size.recorded} decisions over ${size.products} simulated products went through the record and were read from it: ${rounded(size.recorded / seconds, 0)} entries/s taken in, ${rounded(bytes / size.recorded, 0)} bytes an entry. The other rows are theirs, repeated under other persons, ids and instants; the search's own writer wrote all.`,
        `${rounded(size.entries / adding, 0)} rows/s written and merged; ${rounded(total / size.entries, 0)} bytes an entry in ${(await readdir(join(dir, 'many'))).length - 1} files.`,
        `Load average ${rounded(loadavg()[0] ?? NaN, 1)} on ${cpus().length} cores at the end.`,
      ],
    })
  } finally {
    await rm(dir, { recursive: true })
  }
}

const bytesOf = async (dir: string): Promise<number> => {
  const sizes = await Promise.all((await readdir(dir)).map(async (name) => (await stat(join(dir, name))).size))
  return sizes.reduce((sum, bytes) => sum + bytes, 0)
}

/** The rows of decisions that were recorded, as the search made them of the ledger. */
async function takenIn(dir: string, { recorded, products, investors }: SearchSize) {
  await prepared(dir, { decisions: recorded, products, investors: Math.min(investors, recorded), days: 30 })
  const record = await openRecord(join(dir, folders.ledger), join(dir, folders.persons))
  const search = openSearch(join(dir, folders.search), record)
  try {
    const from = performance.now()
    await search.catchUp()
    const seconds = (performance.now() - from) / 1000
    const rows = await search.read((database, all) => rowsOf(database, all, 'ORDER BY ledger_index'))
    return { rows, seconds, bytes: await bytesOf(join(dir, folders.search)) }
  } finally {
    await search.close()
    await record.close()
  }
}

async function repeated(dir: string, rows: readonly Row[], { entries, investors }: SearchSize) {
  const persons = Array.from({ length: investors }, () => Pseudonym.parse(randomBytes(16).toString('hex')))
  const files = await openFiles(dir)
  const from = performance.now()
  for (let first = 0; first < entries; first += batch) {
    const added = Array.from({ length: Math.min(batch, entries - first) }, (_, n): Row => {
      const index = first + n
      const row = rows[index % rows.length]
      if (row === undefined) throw new Error('nothing was recorded')
      // Any order of persons that is not the ledger's.
      const pseudonym = persons[(index * 7919) % persons.length] ?? null
      const entry_id = `d-${randomBytes(16).toString('hex')}`
      return { ...row, ledger_index: index, entry_id, pseudonym, at_ms: Number(rows[0]?.at_ms) + index * 1000 }
    })
    await files.add(added, noDigest)
  }
  const adding = (performance.now() - from) / 1000
  await files.close()
  return { persons, adding }
}

/** Rules by how many of the rows name them, most first. */
function rulesIn(rows: readonly Row[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { rules } of rows)
    for (const rule of String(rules ?? '')
      .trim()
      .split(' '))
      if (rule !== '') counts.set(rule, (counts.get(rule) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a).map(([rule]) => rule.slice(rule.indexOf('/') + 1))
}

async function searched(
  dir: string,
  persons: readonly Pseudonym[],
  rows: readonly Row[],
): Promise<readonly Measured[]> {
  const rules = rulesIn(rows)
  const shown = rows
    .flatMap(({ products }) =>
      String(products ?? '')
        .trim()
        .split(' '),
    )
    .filter((id) => id !== '')
  const [commonest = '', rarest = ''] = [rules[0], rules.at(-1)]
  const days = { from: Number(rows[0]?.at_ms), to: Number(rows[0]?.at_ms) + 200_000_000 }
  const query = (what: string, of: (run: number) => Omit<Query, 'firmId'>) => ({
    what,
    runs: 20,
    work: async (files: SearchFiles, run: number) =>
      (await files.read((database, from) => pageOf(database, from, { firmId, ...of(run) }, page))).length,
  })
  const whole = (what: string, work: (files: SearchFiles, run: number) => Promise<number>) => ({ what, runs: 3, work })
  const kinds = [
    query('by investor', (run) => ({ pseudonym: persons[run * 97] })),
    query(`by rule, the commonest (${commonest})`, () => ({ ruleId: commonest })),
    query(`by rule, the rarest (${rarest})`, () => ({ ruleId: rarest })),
    query('by a rule that never occurred', () => ({ ruleId: 'NO-SUCH-RULE' })),
    query('by product', (run) => ({ productId: shown[run * 13] as ProductId })),
    query('by rule, outcome and period', () => ({ ruleId: commonest, outcome: 'refusal', ...days })),
    whole('a sample of 50', (files, seed) =>
      files.read(async (database, from) => (await sampleOf(database, from, { firmId, count: 50, seed })).rows.length),
    ),
    whole('coverage', (files) =>
      files.read(async (database, from) => (await countsOf(database, from, { firmId })).rules.length),
    ),
    whole('export of all to CSV', (files, run) =>
      files.read((database, from) => exportTo(join(dir, '..', `${run}.csv`), 'csv', { firmId }, { database, from })),
    ),
    whole('erasure of one person', async (files, run) => {
      await files.erase(persons[run * 11 + 5] ?? Pseudonym.parse('0'.repeat(32)))
      return 1
    }),
  ]
  const measured: Measured[] = []
  for (const { what, runs, work } of kinds) {
    const files = await openFiles(dir)
    const samples: number[] = []
    let found = 0
    for (let run = 0; run <= runs; run++) {
      const from = performance.now()
      found = await work(files, run)
      samples.push(performance.now() - from)
    }
    await files.close()
    const [first = NaN, ...warm] = samples
    measured.push({ what, first, median: warm.sort((a, b) => a - b)[runs >> 1] ?? NaN, found })
  }
  return measured
}
