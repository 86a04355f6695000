import { createRequire } from 'node:module'
import { relative, sep } from 'node:path'

// By require: it is CommonJS, of which importers see different defaults.
const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer')

/** The suites that last longest on two calm cores, longest first. */
const longest = [
  'tests/system/readme.test.ts',
  'benchmarks/replay.test.ts',
  'tests/system/commands.test.ts',
  'benchmarks/twoTower.test.ts',
  'tests/system/realFunds.test.ts',
  'training/protocols/farTrans.test.ts',
  'audit/tamper.test.ts',
  'tests/system/fourEyes.test.ts',
]

/**
 * A fresh clone remembers no times, and Jest goes by the sizes of the files: a short file that runs for minutes would
 * begin late, and one core wait for it. Here what is long begins first, so that both cores end together: the suites
 * named above, then those that run the program itself.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path, context }) => {
      const file = relative(context.config.rootDir, path).split(sep).join('/')
      if (longest.includes(file)) return longest.indexOf(file)
      return longest.length + (file.startsWith('tests/system/') ? 0 : 1)
    }
    return super.sort(tests).sort((a, b) => place(a) - place(b))
  }
}
