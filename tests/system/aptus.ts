import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** What users run. */
const main = resolve('dist/cli/main.js')

/** False, told aloud, where nothing was built; CI forbids to skip. */
export function isBuilt(file: string): boolean {
  if (existsSync(main)) return true
  if (process.env['CI_NO_SKIP'] === '1') throw new Error(`${file}: dist/ is absent, and CI_NO_SKIP=1 forbids to skip`)
  console.warn(`skipped: ${file}, dist/cli/main.js is absent; run "npm run build"`)
  return false
}

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** Nothing of the caller's own settings reaches the child. */
const environment = (extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(APTUS_|NODE_OPTIONS)/.test(name))),
  ...extra,
})

/** Runs a command to its end. */
export function aptus(args: readonly string[], extra: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [main, ...args], {
      env: environment(extra),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', failed)
    child.on('close', (code) => done({ code, stdout, stderr }))
  })
}

/** The one JSON document of a command that must succeed. */
export async function jsonOf(args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await aptus([...args, '--json'])
  if (code !== 0) throw new Error(`aptus ${args.join(' ')} exited with ${String(code)}: ${stderr}`)
  return JSON.parse(stdout) as unknown
}

export type Server = {
  readonly url: string
  readonly child: ChildProcess
  /** Everything on stderr so far. */
  readonly said: () => string
  readonly ended: Promise<number | null>
}

/** Starts a server, over the small example where it has to fill `data`; it may not be ready, or may end at once. */
export async function startServer(
  command: 'start' | 'serve',
  data: string,
  market: 'example' | 'simulated' = 'example',
  extra: NodeJS.ProcessEnv = {},
  size: readonly string[] = [],
): Promise<Server> {
  const port = await freePort()
  const filled = command === 'start' ? ['--market', market, ...size] : []
  const child = spawn(process.execPath, [main, command, '--data', data, '--port', String(port), ...filled], {
    env: environment(extra),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = new Promise<number | null>((done) => child.on('close', (code) => done(code)))
  return { url: `http://127.0.0.1:${port}`, child, said: () => said, ended }
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer()
    probe.on('error', failed)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => done(port))
    })
  })
}

export type Seen = { readonly status: number; readonly detail: string }

/** Asks /readyz until it says 200; resolves to all that it said on the way. Rejects where the server ends before. */
export async function untilReady({ url, ended, said }: Server): Promise<readonly Seen[]> {
  let gone = false
  void ended.then(() => (gone = true))
  const seen: Seen[] = []
  while (!gone) {
    const answer = await fetch(`${url}/readyz`).catch(() => null)
    if (answer !== null) {
      seen.push({ status: answer.status, detail: String(((await answer.json()) as { detail?: unknown }).detail) })
      if (answer.status === 200) return seen
    }
    await new Promise((wait) => setTimeout(wait, 20))
  }
  throw new Error(`the server ended before it was ready: ${said()}`)
}

/** Ends a server as an operator would; it must end well. */
export async function stopped({ child, ended }: Server): Promise<void> {
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
}

/** Most memory that a server held so far, MB; null where the system does not tell. */
export async function peakMb({ child }: Server): Promise<number | null> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024)
}

/** The key that a server told at its first start. */
export const keyFrom = (said: string, scope: string): string =>
  new RegExp(`aptus_${scope}_[A-Za-z0-9_-]+`).exec(said)?.[0] ?? ''

export const recommend = (url: string, key: string, investorId: string): Promise<Response> =>
  fetch(`${url}/v1/recommendations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'accept-language': 'en' },
    body: JSON.stringify({ investorId, size: 3 }),
  })

/** A folder for the test's time. */
export async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-system-'))
  try {
    return await work(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** An expected failure is a sentence: no trace, and no path of this machine. */
export function expectSentence({ stdout, stderr }: Ended, dir: string): void {
  expect(stderr).not.toContain(dir)
  expect(stderr).not.toContain(process.cwd())
  expect(stderr).not.toMatch(/^ {4}at /m)
  expect(stderr.trim()).not.toBe('')
  expect(stdout).not.toContain(dir)
}
