import { createHash } from 'node:crypto'
import { type Backtest } from '../../../audit/backtest/backtest.js'
import { type BacktestPorts, runBacktest } from '../../../audit/backtest/runBacktest.js'
import { type Period } from '../../../audit/recordedDecisions.js'
import { type Pack } from '../../../engine/suitability/pack.js'
import { Digest } from '../../../features/schema/ids.js'
import { packOf } from '../../packs.js'
import { type AuditPorts } from '../audit.js'
import { backtestPage } from './page.js'

/** A back-test, its page, and the SHA-256 of the page's UTF-8: what an approval of the candidate commits to. */
export type BacktestReport = { readonly backtest: Backtest; readonly page: string; readonly digest: Digest }

export const reportOf = (backtest: Backtest): BacktestReport => {
  const page = backtestPage(backtest)
  return { backtest, page, digest: Digest.parse(`sha256:${createHash('sha256').update(page).digest('hex')}`) }
}

/** Over an open data directory, from what was kept when the decisions were made. */
export async function backtestOf(
  { home, record }: Pick<AuditPorts, 'home' | 'record'>,
  candidate: Pack,
  period: Period,
  told: NonNullable<BacktestPorts['told']>,
): Promise<BacktestReport> {
  const walk = home.catalogueLog.walk()
  return reportOf(
    await runBacktest(candidate, period, {
      record,
      packOf: (digest) => packOf(digest, home.blobs),
      catalogueOf: ({ revision, knownBefore }) =>
        knownBefore === null ? walk(revision) : home.catalogueLog.asOf(revision, knownBefore),
      told,
    }),
  )
}
