import { createHash } from 'node:crypto'
import { type Backtest } from '../../../audit/backtest/backtest.js'
import { judging } from '../../../audit/backtest/judging.js'
import { type BacktestPorts, runBacktest } from '../../../audit/backtest/runBacktest.js'
import { type Period } from '../../../audit/recordedDecisions.js'
import { type Pack } from '../../../engine/suitability/pack.js'
import { Digest } from '../../../features/schema/ids.js'
import { keptIn } from './kept.js'
import { backtestPage } from './page.js'
import { canStartWorkers, workerJudging } from './workerJudging.js'

/** A back-test, its page, and the SHA-256 of the page's UTF-8: what an approval of the candidate commits to. */
export type BacktestReport = { readonly backtest: Backtest; readonly page: string; readonly digest: Digest }

export const reportOf = (backtest: Backtest): BacktestReport => {
  const page = backtestPage(backtest)
  return { backtest, page, digest: Digest.parse(`sha256:${createHash('sha256').update(page).digest('hex')}`) }
}

/**
 * Over an open data directory, from what was kept when the decisions were made. This thread reads and decrypts; a worker
 * judges, where what was built runs.
 */
export async function backtestOver(
  dir: string,
  record: BacktestPorts['record'],
  candidate: Pack,
  period: Period,
  told: NonNullable<BacktestPorts['told']>,
): Promise<BacktestReport> {
  if (!canStartWorkers)
    return reportOf(await runBacktest(period, { record, judging: judging(candidate, keptIn(dir)), told }))
  const worker = workerJudging({ dir, candidate })
  try {
    return reportOf(await runBacktest(period, { record, judging: worker, told }))
  } finally {
    await worker.close()
  }
}
