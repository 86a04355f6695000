import { createRequire } from 'node:module'
import type * as ioredis from 'ioredis'
import { type Cluster, type Redis } from 'ioredis'
import { DeadlinePassed } from './guard.js'
import { type RedisAddress } from './redisAddress.js'

export type Client = Redis | Cluster

/** Read when it is first wanted: most data directories are embedded, and reading it is a fifth of a command's start. */
const driver = (): typeof ioredis => createRequire(import.meta.url)('ioredis') as typeof ioredis

export const isCluster = (client: Client): client is Cluster => client instanceof driver().Cluster

/** How long opening waits for the first answer. */
const connectMs = 2_000
/** How often a cluster is asked who holds which slots: a server that hangs says nothing of it itself. */
const refreshMs = 2_000

/** Nothing waits for a server that is away, and nothing is sent twice: storage/guard.ts decides what is asked again. */
const nodeOptions = {
  lazyConnect: true,
  connectTimeout: connectMs,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
}

const clientFor = (address: RedisAddress, opened: () => boolean): Client => {
  if (!address.cluster)
    return new (driver().Redis)(address.url, {
      ...nodeOptions,
      enableOfflineQueue: false,
      retryStrategy: (times) => (opened() ? Math.min(times * 50, 1_000) : null),
    })
  return new (driver().Cluster)([...address.nodes], {
    lazyConnect: true,
    enableOfflineQueue: false,
    slotsRefreshInterval: refreshMs,
    slotsRefreshTimeout: connectMs,
    // A swap whose answer was lost with its server may be done: sent again it would count twice.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    clusterRetryStrategy: (times) => (opened() ? Math.min(times * 50, 1_000) : null),
    redisOptions: {
      ...nodeOptions,
      ...(address.username === null ? {} : { username: address.username }),
      ...(address.password === null ? {} : { password: address.password }),
      ...(address.tls ? { tls: {} } : {}),
    },
  })
}

/** A server that takes the connection and says nothing is as good as none. */
const answered = (connecting: Promise<unknown>): Promise<unknown> => {
  const silent = new Promise((_, reject) => {
    const timer = setTimeout(() => reject(new DeadlinePassed(connectMs)), connectMs)
    connecting.catch(() => undefined).finally(() => clearTimeout(timer))
  })
  return Promise.race([connecting, silent])
}

/** Connects, or rejects with what the server or the network said, within about two seconds. */
export const connectRedis = async (address: RedisAddress): Promise<Client> => {
  let opened = false
  const client = clientFor(address, () => opened)
  let last: unknown = null
  client.on('error', (error: unknown) => (last = error))
  client.on('node error', (error: unknown) => (last = error))
  try {
    await answered(client.connect())
    opened = true
    return client
  } catch (error) {
    // To disconnect what has ended already would start a timer of two seconds that holds the process.
    if (client.status !== 'end') client.disconnect()
    throw last ?? error
  }
}

/** The servers that hold keys, each its own part of them; a server that is no cluster holds all. */
export type Shards = {
  /** `host:port` of each server that holds keys, and of the one that holds this key; '' where nobody does. */
  readonly servers: () => readonly string[]
  readonly serverOf: (key: string) => string
  /** The connection to a server; null where none is ready, which is then looked for. */
  readonly connectionTo: (server: string) => Redis | null
  /**
   * Names that server as long as it keeps what it acknowledged. After a failover or a restart the name is another:
   * what was acknowledged last may be lost.
   */
  readonly tenureOf: (key: string) => string
  /** Of all servers that hold keys. */
  readonly tenures: () => readonly string[]
  /** A connection to that server alone, and a hash tag of its keys; null where its tenure is over, or it is away. */
  readonly during: (tenure: string) => { readonly connection: Redis; readonly tag: string } | null
}

const nameOf = ({ options }: Redis): string => `${options.host ?? ''}:${options.port ?? ''}`

const slotOf = (key: string): number => new (driver().Command)('get', [key]).getSlot() ?? 0

const tagsBySlot = new Map<number, string>()
/** A text whose slot this is: found by trying, about 16,384 times, once a slot. */
const tagForSlot = (slot: number): string => {
  let tag = tagsBySlot.get(slot)
  for (let n = 0; tag === undefined; n += 1) if (slotOf(String(n)) === slot) tag = String(n)
  tagsBySlot.set(slot, tag)
  return tag
}

const soleShard = (client: Redis): Shards => {
  const name = nameOf(client)
  let readies = 0
  client.on('ready', () => (readies += 1))
  const tenure = (): string => `${name}#${readies}`
  return {
    servers: () => [name],
    serverOf: () => name,
    connectionTo: () => (client.status === 'ready' ? client : null),
    tenureOf: tenure,
    tenures: () => [tenure()],
    during: (named) => (named === tenure() && client.status === 'ready' ? { connection: client, tag: '' } : null),
  }
}

const clusterShards = (client: Cluster): Shards => {
  const nodes = new Map<string, Redis>()
  let owners: readonly (string | undefined)[] = []
  let term = 0
  const begin = (): void => {
    term += 1
    owners = client.slots.map((holders) => holders[0])
  }
  const watch = (node: Redis): void => {
    const name = nameOf(node)
    nodes.set(name, node)
    node.on('ready', () => owners.includes(name) && begin())
    node.once('end', () => nodes.get(name) === node && nodes.delete(name))
    // Where it cannot, it ends, and is looked for again with the slots.
    if (node.status === 'wait') node.connect().catch(() => undefined)
  }
  client.nodes('all').forEach(watch)
  client.on('+node', watch)
  begin()

  const tenure = (owner: string | undefined): string => `${owner ?? 'nobody'}#${term}`

  /** The first slot of each server. */
  const firstSlots = (): Map<string, number> => {
    const first = new Map<string, number>()
    client.slots.forEach(([owner], slot) => {
      if (owner !== undefined && !first.has(owner)) first.set(owner, slot)
    })
    return first
  }

  return {
    servers: () => [...firstSlots().keys()],
    serverOf: (key) => client.slots[slotOf(key)]?.[0] ?? '',
    connectionTo: (server) => {
      const node = nodes.get(server)
      if (node?.status === 'ready') return node
      client.refreshSlotsCache()
      return null
    },
    tenureOf: (key) => {
      const slot = slotOf(key)
      const owner = client.slots[slot]?.[0]
      if (owner !== owners[slot]) begin()
      return tenure(owner)
    },
    tenures: () => {
      if (client.slots.some((holders, slot) => holders[0] !== owners[slot])) begin()
      return [...firstSlots().keys()].map(tenure)
    },
    during: (named) => {
      for (const [owner, slot] of firstSlots()) {
        const connection = nodes.get(owner)
        if (tenure(owner) === named && connection?.status === 'ready') return { connection, tag: tagForSlot(slot) }
      }
      return null
    },
  }
}

/** Once its servers are connected, or after about two seconds those that are. */
export const shardsOf = async (client: Client): Promise<Shards> => {
  if (!isCluster(client)) return soleShard(client)
  const shards = clusterShards(client)
  const end = performance.now() + connectMs
  const connected = (): boolean => shards.tenures().every((tenure) => shards.during(tenure) !== null)
  while (!connected() && performance.now() < end) await new Promise((done) => setTimeout(done, 5))
  return shards
}
