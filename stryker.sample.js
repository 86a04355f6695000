import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * A seeded uniform sample of the mutants: `SAMPLE=0.2 SEED=7` puts a fifth of them to the tests. Whether one is drawn is
 * a matter of the seed and of what is changed where alone. Stryker calls the others "CompileError", and counts them nowhere.
 */
class SampleChecker {
  init() {}

  check(mutants) {
    const drawn = { status: 'passed' }
    const others = { status: 'compileError', reason: 'not drawn' }
    return Object.fromEntries(mutants.map((mutant) => [mutant.id, isDrawn(mutant) ? drawn : others]))
  }

  /** All at once: nothing is compiled. */
  group(mutants) {
    return [mutants.map(({ id }) => id)]
  }
}

export const strykerPlugins = [{ kind: 'Checker', name: 'sample', injectableClass: SampleChecker }]

function isDrawn({ fileName, location: { start, end }, mutatorName, replacement }) {
  const { SAMPLE, SEED } = process.env
  const file = relative(process.cwd(), fileName)
  const what = [SEED, file, start.line, start.column, end.line, end.column, mutatorName, replacement]
  return createHash('sha256').update(JSON.stringify(what)).digest().readUInt32BE() < Number(SAMPLE) * 2 ** 32
}

/** Bounds of the 95 % interval of Wilson (1927, doi:10.1080/01621459.1927.10502953): `hits` of `n`. */
function wilson(hits, n) {
  const z = 1.959964
  const middle = (hits + (z * z) / 2) / (n + z * z)
  const half = (z / (n + z * z)) * Math.sqrt((hits * (n - hits)) / n + (z * z) / 4)
  return [middle - half, middle + half]
}

const statuses = ['Killed', 'Timeout', 'Survived', 'NoCoverage']
const percent = (share) => (100 * share).toFixed(1)

function row(name, mutants) {
  const counts = statuses.map((status) => mutants.filter((mutant) => mutant.status === status).length)
  const n = counts.reduce((sum, count) => sum + count, 0)
  const hits = counts[0] + counts[1]
  const shares = n === 0 ? ['none', ''] : [`${percent(hits / n)} %`, wilson(hits, n).map(percent).join(' to ')]
  return `| ${[name, n, ...counts, ...shares].join(' | ')} |`
}

/** `node stryker.sample.js reports/mutation/audit-*-7.json`: a line for each report, and one for all. */
function table(reports) {
  const groups = reports.map((path) => {
    const { files } = JSON.parse(readFileSync(path, 'utf8'))
    return { name: basename(path, '.json'), mutants: Object.values(files).flatMap(({ mutants }) => mutants) }
  })
  return [
    '| report | drawn | killed | timeout | survived | reached by no test | killed or timed out | 95 % interval |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...groups.map(({ name, mutants }) => row(name, mutants)),
    row(
      'together',
      groups.flatMap(({ mutants }) => mutants),
    ),
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(table(process.argv.slice(2)))
