import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { binariesOf } from './determinism.js'
import { realDataDir } from './realCatalogue.js'
import { report, rounded } from './suite.js'

export const Counts = z.looseObject({
  decisions: z.int(),
  same: z.int(),
  differs: z.int(),
  erased: z.int(),
  unavailable: z.int(),
  threads: z.int(),
  seconds: z.number(),
})
export type Counts = z.infer<typeof Counts>

/** Decisions recorded after the changes, in the share of those before. */
export const afterwards = 0.1

/** A child of dist/, from the repository's root, on a Node binary; whatever its exit code. */
export async function runOn(
  binary: string,
  args: readonly string[],
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const script = resolve('dist', ...(args[0]?.split('/') ?? []))
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(APTUS_|NODE_OPTIONS)/.test(name)))
  return promisify(execFile)(binary, [script, ...args.slice(1)], { env, maxBuffer: 1 << 26 }).then(
    (done) => ({ code: 0, ...done }),
    (error: unknown) => {
      const ended = z.looseObject({ code: z.int(), stdout: z.string(), stderr: z.string() }).safeParse(error)
      if (!ended.success) throw error
      return ended.data
    },
  )
}

async function jsonOn(binary: string, args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await runOn(binary, args)
  if (code !== 0) throw new Error(`${args[0] ?? ''} ended with ${code}: ${stderr}`)
  return JSON.parse(stdout)
}

/** Records `count` decisions over the real funds into `dir`, then changes catalogue, model and rules. */
export const recordReal = async (binary: string, dir: string, count: number): Promise<readonly unknown[]> => [
  await jsonOn(binary, ['tests/replayMarket.js', 'record', dir, resolve(realDataDir(), 'cn-funds'), String(count)]),
  await jsonOn(binary, ['tests/replayMarket.js', 'change', dir, String(Math.ceil(count * afterwards))]),
]

/** Replays all that `dir` holds. */
export async function replayAll(binary: string, dir: string): Promise<Counts & { readonly code: number }> {
  const args = ['cli/main.js', 'audit', 'replay', '--from', '2000-01-01T00:00:00Z', '--data', dir, '--json']
  const { code, stdout, stderr } = await runOn(binary, args)
  if (stdout === '') throw new Error(`the replay ended with ${code}: ${stderr}`)
  return { ...Counts.parse(JSON.parse(stdout)), code }
}

/** Recorded by the first of the binaries, replayed by each. Throws an Error where anything is not the same. */
export async function replays(count: number): Promise<void> {
  const binaries = binariesOf(process.env['APTUS_NODES'])
  const dir = await mkdtemp(join(tmpdir(), 'aptus-replay-'))
  try {
    const [writer = process.execPath] = binaries
    const told = await recordReal(writer, dir, count)
    const rows: (Counts & { node: string; perSecond: number })[] = []
    for (const binary of binaries) {
      const counts = await replayAll(binary, dir)
      const { stdout } = await promisify(execFile)(binary, ['--version'])
      rows.push({ ...counts, node: stdout.trim(), perSecond: rounded(counts.decisions / counts.seconds, 0) })
    }
    const wrong = rows.filter(({ decisions, same }) => same !== decisions)
    report('replay', {
      question:
        'Do decisions over the real Chinese funds replay byte for byte after a restart, a change of the catalogue, of the model and of the rules, on every Node?',
      baseline: `the record, written by ${rows[0]?.node ?? ''}`,
      n: `${count} decisions before the changes and ${Math.ceil(count * afterwards)} after`,
      rows: rows.map(({ node, decisions, same, differs, erased, unavailable, threads, seconds, perSecond }) => {
        return { node, decisions, same, differs, erased, unavailable, threads, seconds, perSecond }
      }),
      remarks: [
        ...told.map((each) => JSON.stringify(each)),
        'Seconds hold the opening of the ledger and of the threads.',
      ],
    })
    if (wrong.length > 0) throw new Error(`replay: not all the same on ${wrong.map(({ node }) => node).join(', ')}`)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
