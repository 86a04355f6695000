import { createRequire } from 'node:module'

// By require: it is CommonJS, of which importers see different defaults.
const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer')

/** Files whose random cases take seconds: a mutant that a table kills need not wait for them. */
const random = /(expressions|incremental|classes|laws)\.test\.ts$/

/** The order of files for mutation testing, which ends at the first failure: tables, then properties. */
export default class TablesFirst extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => Number(random.test(a.path)) - Number(random.test(b.path)))
  }
}
