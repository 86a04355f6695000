/**
 * Makes the files of examples/data anew: `npm run build && node dist/examples/data/generate.js examples/data`.
 * Everything in them is invented; the seed is fixed, so that the files do not change unless this program does.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exampleFiles } from './files.js'

const [dir] = process.argv.slice(2)
if (dir === undefined) {
  process.stderr.write('generate: no folder given; want one, such as examples/data\n')
  process.exitCode = 2
} else {
  for (const [name, content] of Object.entries(exampleFiles(2026))) writeFileSync(join(dir, name), content)
}
