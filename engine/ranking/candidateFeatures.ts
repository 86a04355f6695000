import { log } from '../../features/definitions/math.js'
import { type Weighted } from '../model/foldIn.js'
import { type Term } from './terms.js'

/** What is known of k candidates and the investor they are for; training and serving fill in the same. */
export type CandidateFacts = {
  /** [k] their rows among the n products. */
  readonly rows: Int32Array
  /** Of each component its [k] scores, or null where it knows nothing of the investor. */
  readonly scores: readonly (Float64Array | null)[]
  /** [n] by name. */
  readonly columns: ReadonlyMap<string, Float32Array>
  /** [n] ordinals of groups by name; −1 is none. */
  readonly groups: ReadonlyMap<string, Int32Array>
  readonly past: readonly Weighted[]
  /** Standardised, by feature id, 0 where unknown; and the two of pastFacts.ts. */
  readonly investor: ReadonlyMap<string, number>
  /** [k] standardised, by feature id; 0 where unknown. */
  readonly pairs: ReadonlyMap<string, Float64Array>
}

/**
 * [k, terms] row by row. Throws an Error for a term that names what the facts do not hold: the artifact is then at
 * fault. Everything is summed in the order of the rows, in double precision, so that all processors agree.
 */
export function candidateFeatures(terms: readonly Term[], facts: CandidateFacts): Float64Array {
  const count = facts.rows.length
  const features = new Float64Array(count * terms.length)
  const known = new Map<string, Float64Array>()
  terms.forEach((term, column) => {
    const { times, ...what } = term
    const name = JSON.stringify(what)
    let values = known.get(name)
    if (values === undefined) known.set(name, (values = valuesOf(term, facts)))
    const factor = times === null ? 1 : held(facts.investor, times, 'investor feature')
    for (let at = 0; at < count; at++) features[at * terms.length + column] = values[at]! * factor
  })
  return features
}

function valuesOf(term: Term, facts: CandidateFacts): Float64Array {
  const { rows } = facts
  switch (term.of) {
    case 'score':
      return zScores(scoresOf(facts, term.component))
    case 'rank':
      return placesBy(scoresOf(facts, term.component)).map((place) => 1 / (1 + place))
    case 'log-score':
      return scoresOf(facts, term.component).map((score) => log(Math.max(0, score) + term.floor))
    case 'log-rank':
      return placesBy(scoresOf(facts, term.component)).map((place) => log(1 + place))
    case 'product': {
      const column = held(facts.columns, term.column, 'product column')
      return Float64Array.from(rows, (row) => column[row]!)
    }
    case 'pair':
      return held(facts.pairs, term.feature, 'pair feature')
    case 'same':
      return sharesOfPast(held(facts.groups, term.group, 'group'), facts)
  }
}

/** A component that knows nothing of the investor tells the candidates not apart: all its scores are 0. */
function scoresOf({ scores, rows }: CandidateFacts, component: number): Float64Array {
  const found = scores[component]
  if (found === undefined) throw new Error(`ranking: there is no component ${component}`)
  return found ?? new Float64Array(rows.length)
}

function held<T>(map: ReadonlyMap<string, T>, name: string, what: string): T {
  const value = map.get(name)
  if (value === undefined) throw new Error(`ranking: the model holds no ${what} ${name}`)
  return value
}

/** (x − mean) / standard deviation over all of them; zeros where they do not differ. */
export function zScores(values: Float64Array): Float64Array {
  let sum = 0
  for (const value of values) sum += value
  const mean = sum / Math.max(1, values.length)
  let squares = 0
  for (const value of values) squares += (value - mean) * (value - mean)
  const deviation = Math.sqrt(squares / Math.max(1, values.length))
  // Below it the differences are rounding of the scores themselves.
  if (!(deviation > 1e-9 * Math.max(1, Math.abs(mean)))) return new Float64Array(values.length)
  return values.map((value) => (value - mean) / deviation)
}

/** Place of each, the best at 0. Equal scores share the place of the first of them. */
function placesBy(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]! || a - b)
  const places = new Float64Array(values.length)
  let place = 0
  order.forEach((candidate, at) => {
    if (at > 0 && values[candidate]! < values[order[at - 1]!]!) place = at
    places[candidate] = place
  })
  return places
}

function sharesOfPast(group: Int32Array, { rows, past }: CandidateFacts): Float64Array {
  const weights = new Map<number, number>()
  let total = 0
  for (const { row, weight } of past) {
    total += weight
    weights.set(group[row]!, (weights.get(group[row]!) ?? 0) + weight)
  }
  return Float64Array.from(rows, (row) =>
    total === 0 || group[row]! < 0 ? 0 : (weights.get(group[row]!) ?? 0) / total,
  )
}
