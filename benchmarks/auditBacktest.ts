import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { judging } from '../audit/backtest/judging.js'
import { runBacktest } from '../audit/backtest/runBacktest.js'
import { type Period, recordedDecisions } from '../audit/recordedDecisions.js'
import { openRecord, type Record } from '../audit/record.js'
import { type Pack } from '../engine/suitability/pack.js'
import { extendPack, readPack } from '../engine/suitability/readPack.js'
import { openCatalogueLog } from '../features/store/catalogueLog.js'
import { openBlobs } from '../storage/blobs.js'
import { backtestOver } from '../serving/audit/backtest/backtest.js'
import { headline } from '../serving/audit/backtest/page.js'
import { keptIn } from '../serving/audit/backtest/kept.js'
import { folders } from '../serving/home.js'
import { firmId, recordDecisions, type RecordedSize } from './auditBacktestRecord.js'
import { report, rounded } from './suite.js'

const whole: Period = { firmId, from: null, to: null }

/** What a back-test of a firm's pack over many recorded decisions takes, and where the time goes. */
export async function auditBacktest(
  size: RecordedSize = { decisions: 100_000, products: 4200, investors: 20_000, days: 30 },
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-backtest-'))
  try {
    const pack = await prepared(dir, size)
    const candidate = extendPack(pack, await readFile('examples/firm-pack/firm.yaml'), 'firm.yaml')
    const began = performance.now()
    const record = await openRecord(join(dir, folders.ledger), join(dir, folders.persons))
    const opening = (performance.now() - began) / 1000
    try {
      await measured(dir, record, candidate, size, opening)
    } finally {
      await record.close()
    }
  } finally {
    await rm(dir, { recursive: true })
  }
}

/** A data directory as far as a back-test reads it; resolves to the pack of its decisions. */
export async function prepared(dir: string, size: RecordedSize): Promise<Pack> {
  const bytes = await readFile('packs/cn-2026.yaml')
  await openBlobs(join(dir, folders.blobs)).put(bytes)
  const pack = readPack(bytes, 'cn-2026.yaml')
  const record = await openRecord(join(dir, folders.ledger), join(dir, folders.persons))
  try {
    await recordDecisions(size, pack, { record, log: await openCatalogueLog(join(dir, folders.catalogue)) })
  } finally {
    await record.close()
  }
  return pack
}

async function measured(
  dir: string,
  record: Record,
  candidate: Pack,
  size: RecordedSize,
  opening: number,
): Promise<void> {
  const worker = await timed('whole, a worker judging (aptus audit backtest)', () =>
    backtestOver(dir, record, candidate, whole, () => undefined),
  )
  const rows = [
    worker.row,
    (
      await timed('whole, in one thread', () =>
        runBacktest(whole, { record, judging: judging(candidate, keptIn(dir)) }),
      )
    ).row,
    (await timed('reading the entries', () => through(record, false))).row,
    (await timed('reading the entries and decrypting what they seal', () => through(record, true))).row,
  ]
  report('audit-backtest', {
    question: 'How long does a back-test over many recorded decisions take?',
    baseline: 'the whole of it, as aptus audit backtest runs it',
    n: `${size.decisions} decisions for ${size.investors} investors over ${size.products} simulated products, whose catalogue changes on each of ${size.days} days; cn-2026 beside cn-2026 with examples/firm-pack`,
    rows: rows.map((row) => ({ ...row, ratio: rounded(row.seconds / worker.row.seconds) })),
    remarks: [
      headline(worker.value.backtest),
      `Opening ledger and persons before: ${rounded(opening, 1)} s.`,
      `"cpu": seconds of all threads. Load average ${rounded(loadavg()[0] ?? NaN, 1)} on ${cpus().length} cores at the end, and more threads than cores make each slower: where it is above the cores, read cpu.`,
    ],
  })
}

async function timed<T>(stage: string, work: () => Promise<T>) {
  const [began, cpu] = [performance.now(), process.cpuUsage()]
  const value = await work()
  const { user, system } = process.cpuUsage(cpu)
  return {
    value,
    row: { stage, seconds: rounded((performance.now() - began) / 1000, 1), cpu: rounded((user + system) / 1e6, 1) },
  }
}

async function through(record: Record, decrypting: boolean): Promise<void> {
  for await (const { unseal } of recordedDecisions(record, whole)) if (decrypting) await unseal()
}
