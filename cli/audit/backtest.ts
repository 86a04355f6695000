import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Command } from 'commander'
import { type Pack } from '../../engine/suitability/pack.js'
import { Digest } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { enterReads } from '../../serving/audit/backtest/examples.js'
import { headline } from '../../serving/audit/backtest/page.js'
import { type BacktestReport } from '../../serving/audit/backtest/backtest.js'
import { readConfiguration } from '../../serving/configuration.js'
import { type Home } from '../../serving/home.js'
import { packFile, packName } from '../../serving/firmPacks.js'
import { loadPack, packOf } from '../../serving/packs.js'
import { withService } from '../open.js'
import { instant } from '../options.js'
import { readBy } from '../operator.js'
import { Failure, print, progress, UsageError } from '../output.js'
import { type Options, withFirm } from './options.js'

type BacktestOptions = Options & { readonly from?: Instant; readonly to?: Instant; readonly out?: string }

async function backtest(pack: string, { data, json, firm, from, to, out }: BacktestOptions): Promise<void> {
  const bar = progress()
  const began = performance.now()
  const report = await withService(data, async (service, home) => {
    const candidate = served(await candidateOf(pack, home))
    const period = { firmId: firm, from: from ?? null, to: to ?? null }
    const made = await service.audit.backtest(candidate, period, (done, total) => bar.update('entries', done, total))
    await enterReads(service.privacy.reads, readBy(firm, 'audit backtest'), made.backtest.examples)
    return made
  }).finally(bar.stop)
  const seconds = Math.round((performance.now() - began) / 100) / 10
  if (out !== undefined) await writeReport(out, report.page)
  const { digest, backtest: found } = report
  print(json, { report: digest, seconds, ...found }, () => inWords(report, seconds, out))
}

function served(pack: Pack): Pack {
  if (pack.mode === 'evaluation')
    throw new UsageError(`${pack.id} is for offline evaluation; a back-test wants a pack to serve with`)
  return pack
}

/** A shipped pack by its name, a file, or the digest of a pack that served or was proposed here. */
async function candidateOf(pack: string, { blobs }: Home): Promise<Pack> {
  const digest = Digest.safeParse(pack)
  if (digest.success) {
    if (!(await blobs.has(digest.data))) throw new UsageError(`no pack of digest ${digest.data} is kept here`)
    return packOf(digest.data, blobs)
  }
  const file = packName.test(pack) && existsSync(packFile(pack)) ? packFile(pack) : pack
  try {
    return (await loadPack(file, dirname(readConfiguration(process.env).packFile))).pack
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new UsageError(`there is no file "${pack}", and no shipped pack of that name`)
    throw error
  }
}

async function writeReport(out: string, page: string): Promise<void> {
  try {
    await writeFile(out, page)
  } catch (error) {
    throw new Failure(`the report was not written to "${out}": ${(error as NodeJS.ErrnoException).code ?? 'failed'}`)
  }
}

function inWords({ backtest: found, digest }: BacktestReport, seconds: number, out: string | undefined): string {
  const { decisions, rules } = found
  return [
    headline(found),
    ...rules.map(
      ({ ruleId, lost, gained, blocked }) =>
        `  ${ruleId}: lost ${lost.pairs} in ${lost.decisions} decisions, gained ${gained.pairs} in ${gained.decisions}; ` +
        `${blocked.items} served items of ${blocked.decisions} slates blocked`,
    ),
    `compared ${decisions.compared}; erased ${decisions.erased}, historical ${decisions.leftOut}, unlike the record ${decisions.unlikeRecord}; ${seconds} s`,
    `report ${digest}${out === undefined ? '; write it with --out FILE.html' : ` in ${out}`}`,
  ].join('\n')
}

export const backtestCommand = (): Command =>
  withFirm(
    new Command('backtest')
      .argument('<pack>', 'a pack of packs/ by its name, one in YAML, or the digest of one that is kept')
      .description('what a pack would have decided on the recorded decisions')
      .option('--from <iso>', 'decisions from then on', instant)
      .option('--to <iso>', 'decisions before then', instant)
      .option('--out <file>', 'writes the report as one HTML page'),
  ).action(backtest)
