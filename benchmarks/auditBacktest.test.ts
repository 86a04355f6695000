import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRecord } from '../audit/record.js'
import { judging } from '../audit/backtest/judging.js'
import { runBacktest } from '../audit/backtest/runBacktest.js'
import { keptIn } from '../serving/audit/backtest/kept.js'
import { firmId } from './auditBacktestRecord.js'
import { prepared } from './auditBacktest.js'

test('what is recorded for the benchmark is mostly served, and is judged again as it was', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-benchmark-'))
  const pack = await prepared(dir, { decisions: 120, products: 150, investors: 60, days: 3 })
  const record = await openRecord(join(dir, 'ledger'), join(dir, 'persons'))
  try {
    const period = { firmId, from: null, to: null }
    const found = await runBacktest(period, { record, judging: judging(pack, keptIn(dir)) })
    expect(found.decisions).toMatchObject({ compared: 120, unlikeRecord: 0 })
    expect(found.total.served.slates).toBeGreaterThan(60)
    expect(found.total.changed.decisions).toBe(0)
  } finally {
    await record.close()
    await rm(dir, { recursive: true })
  }
})
