import sequencer from '@jest/test-sequencer'

/** Files whose random cases take seconds: a mutant that a table kills need not wait for them. */
const random = /(expressions|incremental|classes|laws)\.test\.ts$/

/** The order of files for mutation testing, which ends at the first failure: tables, then properties. */
export default class TablesFirst extends sequencer.default {
  sort(tests) {
    return [...tests].sort((a, b) => Number(random.test(a.path)) - Number(random.test(b.path)))
  }
}
