import { Command } from 'commander'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { extname } from 'node:path'
import { exportFormats } from '../../audit/search/exportFile.js'
import { print, UsageError } from '../output.js'
import { askedBy, type Filtered, withEntries, withFilters } from './entries.js'
import { readBy } from '../operator.js'

type ExportOptions = Filtered & { readonly out: string }

async function exportEntries(options: ExportOptions): Promise<void> {
  const { data, json, firm, out } = options
  const format = exportFormats.find((name) => extname(out) === `.${name}`)
  if (format === undefined) throw new UsageError(`--out: got "${out}", want a name that ends in .parquet or .csv`)
  if (existsSync(out)) throw new UsageError(`--out: "${out}" is there already; name another, or remove it`)
  const asked = askedBy(options)
  // Nobody can open it before it is recorded that somebody may.
  const aside = `${out}.unrecorded`
  const entries = await withEntries(data, async (search, reads) => {
    const rows = await search.exportTo(firm, asked, aside, format)
    await reads.ofTable(readBy(firm, 'audit export'), rows)
    await rename(aside, out)
    return rows
  }).finally(() => rm(aside, { force: true }))
  print(
    json,
    { file: out, format, entries },
    () => `${entries} entries written to ${out}; it holds personal data that no later erasure reaches`,
  )
}

export const exportCommand = (): Command =>
  withFilters(
    new Command('export').description('entries as a table for other programs: docs/search.md has its columns'),
  )
    .requiredOption('--out <file>', 'where to: NAME.parquet or NAME.csv')
    .action(exportEntries)
