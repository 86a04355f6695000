import { createRequire } from 'node:module'

// By require: it is CommonJS, of which importers see different defaults.
const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer')

/** What a mutant meets first: tables, by what they cost; then whole packs; then seconds of random cases. */
const order = ['interpret', 'expression', 'reference', 'rulesFor', 'packTexts', 'bitset', 'subject', 'inputs', 'recent']
const last = ['packDiff', 'readPack', 'packFaults', 'classes', 'expressions']

const placeOf = ({ path }) => {
  const name = /([^/]+)\.test\.ts$/.exec(path)?.[1] ?? ''
  const [early, late] = [order.indexOf(name), last.indexOf(name)]
  return early >= 0 ? early : order.length + late + 1
}

/** The order of files for mutation testing, which ends at the first that fails. */
export default class CheapestFirst extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => placeOf(a) - placeOf(b))
  }
}
