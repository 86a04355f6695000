import { lineageOf } from '../../../training/runRecord.js'
import { html, type Html } from '../../http/docs/html.js'
import { type RunReport } from './data.js'
import { second } from './headline.js'
import { type Cell, facts } from './table.js'

const code = (text: string): Html => html`<code>${text}</code>`
const orUnknown = (value: string | number | null): string => (value === null ? 'not known' : String(value))

/** From what the run came about. */
export function lineage({ run }: RunReport): Html {
  const { record } = run
  const { features, software, commit, backend, peakMb, parent, parity } = lineageOf(record)
  const files = record.v === 1 ? {} : record.files
  const rows: readonly (readonly [string, Cell])[] = [
    ['Run', code(run.id)],
    ['Config', code(JSON.stringify(run.config))],
    ['Seed', String(record.seed)],
    ['As of', second(record.asOf)],
    ['Data', code(record.dataDigest)],
    ['Rows of the history', orUnknown(record.historySequence ?? null)],
    ['Features', features === null ? 'not known' : html`${features.ids.join(', ')}<br />${code(features.digest)}`],
    ['Model', code(record.modelDigest)],
    ['Trained beside', parent === null ? 'nothing: no run was serving' : code(parent)],
    ['Software', software === null ? 'not known' : `aptus ${software.aptus}, Node ${software.node}`],
    ['Commit', commit === null ? 'not known' : code(commit)],
    ['Fitted on', orUnknown(backend)],
    ['Took', `${record.seconds.toFixed(1)} s${peakMb === null ? '' : `, at most ${peakMb} MB`}`],
    [
      'Exported model',
      parity === null
        ? 'not compared with the trainer'
        : `${parity.scores} scores within ${parity.largest.toExponential(1)} of the trainer’s`,
    ],
    ['Files', html`${Object.entries(files).map(([name, digest]) => html`<div>${name} ${code(digest)}</div>`)}`],
  ]
  return facts(rows)
}
