import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { nodeOutput } from './children.js'
import { report, rounded } from './suite.js'

/** What the child tells of a run: a stage's seconds add up over the times that it was entered. */
export const MillionRun = z.strictObject({
  stages: z.record(z.string(), z.strictObject({ cpuSeconds: z.number(), seconds: z.number() })),
  purchases: z.int(),
  views: z.int(),
  pairs: z.int(),
  kind: z.string(),
  peakMb: z.int(),
})
export type MillionRun = z.infer<typeof MillionRun>

/** Trains by a config (null: what `aptus train` does by itself) in a process of its own, so that its memory is its own. */
export const trainedApart = async (data: string, config: string | null): Promise<MillionRun> => {
  const child = fileURLToPath(new URL('./millionChild.js', import.meta.url))
  return MillionRun.parse(JSON.parse(await nodeOutput([child, data, ...(config === null ? [] : [config])])))
}

/**
 * A run from rows to registry over a simulated market. Of 64,000 investors a million interactions are learnt from; of
 * 300,000 (--full) a million purchases. `APTUS_MILLION` names a data directory that holds one already.
 */
export async function millionExamples(investors: number): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-million-'))
  const ready = process.env['APTUS_MILLION']
  const data = ready ?? join(dir, 'data')
  try {
    if (ready === undefined)
      await nodeOutput([resolve('dist/cli/main.js'), 'simulate', '--investors', String(investors), '--data', data])
    const run = await trainedApart(data, null)
    const total = Object.values(run.stages).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)
    const seconds = Object.values(run.stages).reduce((sum, stage) => sum + stage.seconds, 0)
    report('million', {
      question: 'Does a run over a million examples, from rows to registry, take at most 120 s on two cores?',
      baseline: '120 s; peak memory of the process',
      n: `${run.purchases} purchases and ${run.views} views of a simulated market of 4,200 products; ${run.pairs} pairs, ${run.kind}`,
      rows: [
        ...Object.entries(run.stages).map(([stage, took]) => ({
          stage,
          cpuSeconds: rounded(took.cpuSeconds, 1),
          seconds: rounded(took.seconds, 1),
        })),
        { stage: 'all', cpuSeconds: rounded(total, 1), seconds: rounded(seconds, 1) },
      ],
      remarks: [`peak memory ${run.peakMb} MB`, 'seconds are of a machine that may be shared: CPU seconds are not'],
    })
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
