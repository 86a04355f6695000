import { execFileSync, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A redis-server of the benchmark's own, on loopback, that keeps nothing on the disk. */
export type RedisServer = {
  readonly port: number
  readonly url: string
  /** What a client in the shell gets. */
  readonly ask: (...command: string[]) => string
  readonly stop: () => Promise<void>
}

const isInstalled = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((done, failed) => probe.once('error', failed).listen(0, '127.0.0.1', done))
  const { port } = probe.address() as AddressInfo
  await new Promise((done) => probe.close(done))
  return port
}

/** Null where no redis-server is installed. */
export async function startRedis(): Promise<RedisServer | null> {
  if (!['redis-server', 'redis-cli'].every(isInstalled)) return null
  const port = await freePort()
  const dir = await mkdtemp(join(tmpdir(), 'aptus-redis-'))
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir]
  const child = spawn('redis-server', options, { stdio: 'ignore' })
  const ended = new Promise<void>((done) => child.once('close', () => done()))
  const ask = (...command: string[]): string =>
    execFileSync('redis-cli', ['-p', `${port}`, ...command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const answers = (): boolean => {
    try {
      return ask('ping').trim() === 'PONG'
    } catch {
      return false
    }
  }
  for (let left = 300; !answers(); left -= 1) {
    if (left === 0) throw new Error('redis-server did not answer within half a minute')
    await new Promise((done) => setTimeout(done, 100))
  }
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    ask,
    stop: async () => {
      child.kill('SIGKILL')
      await ended
      await rm(dir, { recursive: true, force: true })
    },
  }
}
