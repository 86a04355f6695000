import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DecisionId, FirmId } from '../features/schema/ids.js'
import { counted } from '../tests/full.js'
import { openRecord } from './record.js'
import { verifyLog } from './verify.js'

const writer = resolve('dist/tests/ledgerWriter.js')
const built = existsSync(writer)
if (!built) console.warn('audit/killed.test.ts skipped: dist/tests/ledgerWriter.js is absent, run `npm run build`')

const kills = counted(50)
const appends = 200 * kills

/** Runs the writer from `first` on, kills it after `killAfter` printed ids; resolves to the whole lines it printed. */
const runUntilKilled = (
  dir: string,
  first: number,
  killAfter: number,
): Promise<{ ids: string[]; signal: string | null }> =>
  new Promise((done, failed) => {
    const given = [writer, join(dir, 'ledger'), join(dir, 'persons'), String(first), String(appends - first)]
    const child = spawn(process.execPath, given, { stdio: ['ignore', 'pipe', 'inherit'] })
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      if (printed.split('\n').length > killAfter) child.kill('SIGKILL')
    })
    child.on('error', failed)
    child.on('close', (code, signal) => {
      if (code !== null && code !== 0) failed(new Error(`the writer ended with ${code}`))
      else done({ ids: printed.split('\n').slice(0, -1), signal })
    })
  })

;(built ? test : test.skip)(
  `${kills} kills over ${appends} appends lose no answered decision`,
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'killed-'))
    const answered: string[] = []
    let first = 0
    let killed = 0
    while (first < appends) {
      const { ids, signal } = await runUntilKilled(dir, first, killed < kills ? 120 : Infinity)
      answered.push(...ids)
      killed += signal === 'SIGKILL' ? 1 : 0
      // The ids beyond the last answered may be in the ledger too: the next writer begins behind all 16 of them.
      first = signal === null ? appends : Math.max(...answered.map((id) => Number(id.slice(2)))) + 17
    }
    expect(killed).toBe(kills)
    expect(new Set(answered).size).toBe(answered.length)
    // A kill loses 16 ids that were never answered, at most.
    expect(answered.length).toBeGreaterThanOrEqual(appends - 17 * kills)

    const record = await openRecord(join(dir, 'ledger'), join(dir, 'persons'))
    const lost: string[] = []
    for (const id of answered) {
      const found = await record.read(FirmId.parse('default'), DecisionId.parse(id))
      if (found?.entry.decisionId !== id || found.inputs === 'erased') lost.push(id)
    }
    await record.close()
    expect(lost).toEqual([])
    expect((await verifyLog(join(dir, 'ledger', 'log'))).faults).toEqual([])
    await rm(dir, { recursive: true, force: true })
  },
  600_000,
)
