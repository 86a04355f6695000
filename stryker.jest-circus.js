import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { default: circus } = require('jest-circus/runner')
const { createEmptyTestResult } = require('@jest/test-result')

/** A file without a test would count as a failure of its own. */
const notRun = {
  ancestorTitles: [],
  title: 'not run',
  fullName: 'not run',
  status: 'pending',
  failureMessages: [],
  failureDetails: [],
  numPassingAsserts: 0,
}

/** Runs, each known by its configuration, of which a file has failed. */
const failed = new WeakSet()

/**
 * Jest's own runner of a file, but for what comes after the first file that fails: one suffices to kill a mutant, and
 * Stryker cannot have Jest bail.
 */
export default async function untilKilled(globalConfig, config, environment, runtime, testFilePath, ...rest) {
  if (failed.has(globalConfig))
    return { ...createEmptyTestResult(), numPendingTests: 1, testResults: [notRun], testFilePath }
  const result = await circus(globalConfig, config, environment, runtime, testFilePath, ...rest)
  if (result.numFailingTests > 0 || result.testExecError) failed.add(globalConfig)
  return result
}
