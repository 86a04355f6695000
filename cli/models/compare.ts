import { Command } from 'commander'
import { guardedMetrics } from '../../training/evaluation/guarded.js'
import { evaluationOf } from '../../training/evaluation/report.js'
import { type Common, withCommon } from '../options.js'
import { print } from '../output.js'
import { storedRun } from './runs.js'

type Row = {
  readonly metric: string
  readonly a: number | null
  readonly b: number | null
  /** b − a; with its paired 95 % interval where one of the two was judged beside the other. */
  readonly difference: number | null
  readonly interval?: readonly [number, number]
}
type Stored = Awaited<ReturnType<typeof storedRun>>

/** Of the same investors, where the newer run was judged beside the older one; empty where it was not. */
function paired(a: Stored, b: Stored): readonly Row[] {
  const isBeside = (run: Stored, other: Stored): boolean =>
    run.evaluation !== null && evaluationOf(run.evaluation, 'incumbent')?.runId === other.id
  const [run, sign] = isBeside(b, a) ? [b, 1] : isBeside(a, b) ? [a, -1] : [null, 1]
  if (run?.evaluation == null) return []
  return guardedMetrics(run.evaluation, 'incumbent', 'on').map(({ name, segment, candidate, other, difference }) => {
    const [low, high] = sign > 0 ? [difference.low, difference.high] : [-difference.high, -difference.low]
    const [before, after] = sign > 0 ? [other, candidate] : [candidate, other]
    const metric = `${name}, ${segment}`
    return { metric, a: before.value, b: after.value, difference: sign * difference.value, interval: [low, high] }
  })
}

function unpaired(a: Stored, b: Stored): readonly Row[] {
  const names = [...new Set([...Object.keys(a.metrics), ...Object.keys(b.metrics)])]
  return names.map((metric) => {
    const [before, after] = [a.metrics[metric] ?? null, b.metrics[metric] ?? null]
    return { metric, a: before, b: after, difference: before === null || after === null ? null : after - before }
  })
}

const figure = (value: number | null): string => (value === null ? '–' : String(Number(value.toFixed(5))))

const inWords = ({ metric, a, b, difference, interval }: Row): string =>
  `${metric}: ${figure(a)} → ${figure(b)}, ${figure(difference)}${
    interval === undefined ? '' : ` (${interval.map(figure).join(' to ')})`
  }`

async function compare(first: string, second: string, { data, json }: Common): Promise<void> {
  const [a, b] = [await storedRun(data, first), await storedRun(data, second)]
  const rows = [...unpaired(a, b), ...paired(a, b)]
  print(json, { a: a.id, b: b.id, sameData: a.record.dataDigest === b.record.dataDigest, metrics: rows }, () =>
    [`${a.id} → ${b.id}, difference (paired 95 % interval)`, ...rows.map(inWords)].join('\n'),
  )
}

export const compareCommand = (): Command =>
  withCommon(
    new Command('compare').argument('<run>').argument('<run>').description('the metrics of two runs side by side'),
  ).action(compare)
