import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const { default: circus } = require('jest-circus/runner')
const { createEmptyTestResult } = require('@jest/test-result')

/** For files with properties: the first counterexample kills, and shrinking it takes longer than all the rest. */
const firstCounterexample = fileURLToPath(new URL('stryker.fast-check.js', import.meta.url))

/** Runs, each known by its configuration, of which a file has failed. */
const failed = new WeakSet()

/**
 * Jest's own runner of a file, but for what comes after the first test that fails: one suffices to kill a mutant, and
 * Stryker cannot have Jest bail. A file that does not load fails for Jest; Stryker would not count the mutant at all.
 */
export default async function untilKilled(globalConfig, config, environment, runtime, testFilePath, ...rest) {
  if (failed.has(globalConfig)) return { ...withOneTest('not run', 'pending', []), numPendingTests: 1, testFilePath }
  skipAfterFailure(environment)
  try {
    const withSetup = readFileSync(testFilePath, 'utf8').includes("'fast-check'")
      ? { ...config, setupFilesAfterEnv: [firstCounterexample] }
      : config
    const result = await circus(globalConfig, withSetup, environment, runtime, testFilePath, ...rest)
    if (result.numFailingTests > 0) failed.add(globalConfig)
    return result
  } catch (error) {
    failed.add(globalConfig)
    return { ...withOneTest('does not load', 'failed', [String(error)]), numFailingTests: 1, testFilePath }
  }
}

/** Whether the result of a file names its own tests. */
export const isLoaded = ({ testResults: [first] }) => !['not run', 'does not load'].includes(first?.title)

/** Without any test a file would count as a failure of its own. */
const withOneTest = (title, status, failureMessages) => ({
  ...createEmptyTestResult(),
  testResults: [
    { ancestorTitles: [], title, fullName: title, status, failureMessages, failureDetails: [], numPassingAsserts: 0 },
  ],
})

function skipAfterFailure(environment) {
  const handle = environment.handleTestEvent
  let hasFailed = false
  environment.handleTestEvent = async (event, state) => {
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') hasFailed = true
    if (event.name === 'test_start' && hasFailed) event.test.mode = 'skip'
    await handle?.call(environment, event, state)
  }
}
