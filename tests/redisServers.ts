import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A redis-server of the test's own, on loopback, that keeps nothing on the disk. */
export type RedisServer = {
  readonly port: number
  readonly url: string
  readonly process: ChildProcess
  /** What a client in the shell gets. */
  readonly ask: (...command: string[]) => string
  /** Ends it as kill -9 does. */
  readonly kill: () => Promise<void>
  readonly stop: () => Promise<void>
}

export type RedisCluster = {
  readonly url: string
  readonly servers: readonly RedisServer[]
  /** The server that holds the slot of a key now. */
  readonly masterOf: (key: string) => RedisServer
  readonly stop: () => Promise<void>
}

/** False, told aloud, where none is installed; CI forbids to skip. */
export function hasRedisServer(file: string): boolean {
  try {
    execFileSync('redis-server', ['--version'])
    execFileSync('redis-cli', ['--version'])
    return true
  } catch {
    if (process.env['CI_NO_SKIP'] === '1') throw new Error(`${file}: no redis-server, and CI_NO_SKIP=1 forbids to skip`)
    console.warn(`skipped: ${file}, redis-server is not installed`)
    return false
  }
}

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

/** Asks until it holds, or throws after half a minute. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
    await wait(20)
  }
}

/** Different ones: all are held until the last is found. */
async function freePorts(count: number): Promise<number[]> {
  const probes = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Server>((done, failed) => {
          const probe = createServer().on('error', failed)
          probe.listen(0, '127.0.0.1', () => done(probe))
        }),
    ),
  )
  const ports = probes.map((probe) => (probe.address() as AddressInfo).port)
  await Promise.all(probes.map((probe) => new Promise((done) => probe.close(done))))
  return ports
}

async function startOn(port: number, more: readonly string[]): Promise<RedisServer> {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-redis-'))
  const options = [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    dir,
    ...more,
  ]
  const child = spawn('redis-server', options, { stdio: 'ignore' })
  const ended = new Promise<void>((done) => child.once('close', () => done()))
  const ask = (...command: string[]): string =>
    execFileSync('redis-cli', ['-p', `${port}`, ...command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal)
    await ended
  }
  await until(() => {
    try {
      return ask('ping').trim() === 'PONG'
    } catch {
      return false
    }
  }, `redis-server on port ${port}`)
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    process: child,
    ask,
    kill: () => end('SIGKILL'),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) await end('SIGKILL')
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** Starts one; on a port given, in the place of one that was there. */
export async function startRedis(port?: number): Promise<RedisServer> {
  return startOn(port ?? (await freePorts(1))[0] ?? 0, [])
}

/** Starts masters with so many replicas each; a master that is gone is replaced after about two seconds. */
export async function startRedisCluster(masters = 3, replicas = 0): Promise<RedisCluster> {
  const count = masters * (1 + replicas)
  const ports = await freePorts(2 * count)
  const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1500', '--repl-diskless-sync-delay', '0']
  const servers = await Promise.all(
    ports.slice(0, count).map((port, n) => startOn(port, [...settings, '--cluster-port', `${ports[count + n] ?? 0}`])),
  )
  const stop = async (): Promise<void> => void (await Promise.all(servers.map((server) => server.stop())))
  try {
    const hosts = servers.map(({ port }) => `127.0.0.1:${port}`)
    const create = ['--cluster', 'create', ...hosts, '--cluster-replicas', `${replicas}`, '--cluster-yes']
    execFileSync('redis-cli', create, { stdio: 'ignore' })
    await until(() => servers.every((server) => server.ask('cluster', 'info').includes('cluster_state:ok')), 'cluster')
    await until(
      () => servers.every((server) => !server.ask('info', 'replication').includes('master_link_status:down')),
      'replicas in step',
    )
  } catch (error) {
    await stop()
    throw error
  }
  const masterOf = (key: string): RedisServer => {
    const living = servers.filter(({ process }) => process.exitCode === null && process.signalCode === null)
    const holder = living.find((server) => {
      if (!server.ask('info', 'replication').includes('role:master')) return false
      const slot = Number(server.ask('cluster', 'keyslot', key))
      return holds(server.ask('cluster', 'nodes'), slot)
    })
    if (holder === undefined) throw new Error(`no server holds ${key}`)
    return holder
  }
  return { url: `redis+cluster://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`, servers, masterOf, stop }
}

/** Whether the node that says so itself ("myself") holds a slot. */
const holds = (nodes: string, slot: number): boolean => {
  const mine =
    nodes
      .split('\n')
      .find((line) => line.includes('myself'))
      ?.split(' ')
      .slice(8) ?? []
  return mine.some((range) => {
    const [from, to = from] = range.split('-').map(Number)
    return from !== undefined && to !== undefined && from <= slot && slot <= to
  })
}
