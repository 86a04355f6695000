import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isLoaded } from './stryker.jest-circus.js'

// By require: it is CommonJS, of which importers see different defaults.
const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer')

/** In Stryker's copy of the repository: a worker is replaced after some mutants, and the next learns from it. */
const kept = fileURLToPath(new URL('.stryker-known.json', import.meta.url))

/** Of each file of tests: the full names of its tests, how often it killed of late (0 to 1), and what it last cost. */
const known = new Map(existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : [])

/**
 * The files of tests that hold one which reaches the mutant: Stryker names these tests, and Jest would load every file
 * only to skip all of it. First come those that kill most for their time, since neighbours among mutants are mostly
 * noticed by the same tests.
 */
export default class LikelyKillersFirst extends Sequencer {
  constructor(options) {
    super(options)
    const { testNamePattern } = options.globalConfig
    this.reaching = testNamePattern ? new RegExp(testNamePattern, 'i') : /^/
  }

  sort(tests) {
    const worth = ({ path }) => (known.has(path) ? known.get(path).kills / known.get(path).ms : Infinity)
    const reaches = ({ path }) => known.get(path)?.names?.some((name) => this.reaching.test(name)) ?? true
    return tests.filter(reaches).sort((a, b) => worth(b) - worth(a) || (a.path < b.path ? -1 : 1))
  }

  cacheResults(_tests, { testResults }) {
    for (const result of testResults) {
      const { testFilePath, numFailingTests, perfStats } = result
      if (numFailingTests === 0 && !isLoaded(result)) continue
      const before = known.get(testFilePath)
      const names = isLoaded(result) ? result.testResults.map(({ fullName }) => fullName) : before?.names
      const kills = 0.8 * (before?.kills ?? 0.5) + (numFailingTests > 0 ? 0.2 : 0.002)
      known.set(testFilePath, { names, kills, ms: perfStats.runtime + 1 })
    }
    writeFileSync(`${kept}.${process.pid}`, JSON.stringify([...known]))
    renameSync(`${kept}.${process.pid}`, kept)
  }
}
