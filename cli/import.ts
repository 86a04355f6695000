import { statSync } from 'node:fs'
import { Command } from 'commander'
import { importCnFunds } from '../features/ingest/cnFunds/importCnFunds.js'
import { importCsv } from '../features/ingest/csv/importCsv.js'
import { importFarTrans } from '../features/ingest/farTrans/importFarTrans.js'
import { rejectionText } from '../features/ingest/report.js'
import { type Imported, type Importer, importInto } from '../serving/intake.js'
import { withNewHome } from './open.js'
import { type Common, withCommon } from './options.js'
import { print, progress, UsageError } from './output.js'

const importers: Readonly<Record<string, { readonly run: Importer; readonly what: string }>> = {
  csv: { run: importCsv, what: 'our own files: investors.csv, products.csv, events.csv, nav.csv (docs/data.md)' },
  'far-trans': { run: importFarTrans, what: 'the FAR-Trans data set of bank customers' },
  'cn-funds': { run: importCnFunds, what: 'lists, returns and NAVs of Chinese public funds' },
}

type Options = Common & { readonly strict: boolean }

/** How many rejected lines are told on the terminal; all are in rejected.csv. */
const told = 20

export function importCommand(): Command {
  const command = new Command('import').description(
    'Reads files into the data directory; lines that fail are told and kept, the rest goes in.',
  )
  for (const [source, { run, what }] of Object.entries(importers))
    command.addCommand(
      withCommon(new Command(source).argument('<dir>', 'folder of the files').description(what))
        .option('--strict', 'stop at the first line that fails', false)
        .action(async (dir: string, options: Options) => importFrom(dir, run, options)),
    )
  return command
}

async function importFrom(dir: string, run: Importer, options: Options): Promise<void> {
  const found = statSync(dir, { throwIfNoEntry: false })
  if (found === undefined) throw new UsageError(`there is no folder "${dir}"`)
  if (!found.isDirectory()) throw new UsageError(`"${dir}" is a file; want the folder that holds the files`)
  const bar = progress()
  const importedAt = Date.now()
  const imported = await withNewHome(options.data, (home) =>
    importInto(home, run, { dir, strict: options.strict, importedAt, onProgress: bar.update }),
  ).finally(bar.stop)
  const { rejected, ...rest } = imported
  print(options.json, { ...rest, rejected: rejected.length, rejectedByReason: byReason(imported) }, () =>
    inWords(imported),
  )
}

function byReason({ rejected }: Imported): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { file, column, want } of rejected) {
    const reason = `${file}, ${column}: want ${want}`
    counts[reason] = (counts[reason] ?? 0) + 1
  }
  return counts
}

function inWords(imported: Imported): string {
  const { accepted, rejected, files, notes, kept, catalogueRevision } = imported
  const lines = files.map(
    ({ file, rows, accepted: good, rejected: bad }) => `${file}: ${rows} lines, ${good} accepted, ${bad} rejected`,
  )
  lines.push(
    `in: ${accepted.products} products, ${accepted.investors} profiles, ${accepted.events} events; catalogue revision ${catalogueRevision}`,
  )
  for (const note of notes) lines.push(`note: ${note}`)
  if (rejected.length > 0) {
    lines.push(`rejected: ${rejected.length} lines, kept in ${kept}/rejected.csv of the data directory`)
    for (const [reason, count] of Object.entries(byReason(imported))) lines.push(`  ${count} × ${reason}`)
    for (const rejection of rejected.slice(0, told)) lines.push(`  ${rejectionText(rejection)}`)
    if (rejected.length > told) lines.push(`  … and ${rejected.length - told} more`)
  }
  return lines.join('\n')
}
