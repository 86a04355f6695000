import { type InvestorId } from '../features/schema/ids.js'
import { memoryStore } from '../features/store/memory.js'
import { type InvestorStore, StoreUnreachable } from '../features/store/port.js'

type Write = (store: InvestorStore) => Promise<unknown>
type Server = { store: InvestorStore; writes: Write[]; down: boolean; mute: boolean; term: number }

/** As a cluster over memory stores: servers stop answering, answer nothing of what they did, and lose what came last. */
export function failingStore(count: number) {
  const servers = Array.from({ length: count }, (): Server => ({
    store: memoryStore(),
    writes: [],
    down: false,
    mute: false,
    term: 0,
  }))
  const holderOf = (id: InvestorId): number => (id.codePointAt(id.length - 1) ?? 0) % count
  const silence = (): StoreUnreachable => new StoreUnreachable('this server does not answer', { cause: null })

  const write = async <T>(server: Server, work: (store: InvestorStore) => Promise<T>): Promise<T> => {
    if (server.down) throw silence()
    server.writes.push(work)
    const done = await work(server.store)
    if (server.mute) throw silence()
    return done
  }
  const read = <T>(server: Server, work: (store: InvestorStore) => Promise<T>): Promise<T> =>
    server.down ? Promise.reject(silence()) : work(server.store)
  const of = (id: InvestorId): Server => servers[holderOf(id)]!

  /** To every server its part; rejects where one did not answer. */
  const writeParts = async <T>(
    values: readonly T[],
    idOf: (value: T) => InvestorId,
    work: (store: InvestorStore, part: readonly T[]) => Promise<void>,
  ): Promise<void> => {
    const parts = servers.map((server, n) => {
      const part = values.filter((value) => holderOf(idOf(value)) === n)
      return part.length === 0 ? Promise.resolve() : write(server, (store) => work(store, part))
    })
    const failed = (await Promise.allSettled(parts)).find((done) => done.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }
  const tenure = (n: number): string => `${n}#${servers[n]!.term}`
  const during = (named: string): Server => {
    const n = servers.findIndex((_, place) => tenure(place) === named)
    if (n < 0) throw silence()
    return servers[n]!
  }
  const noteTakenIn = async (sequence: number, named?: string): Promise<void> => {
    for (const server of named === undefined ? servers : [during(named)])
      await write(server, (inner) => inner.noteTakenIn(sequence))
  }
  const leastTakenIn = async (): Promise<number | null> => {
    const noted = await Promise.all(servers.map((server) => read(server, (inner) => inner.takenIn())))
    return noted.includes(null) ? null : Math.min(...noted.map(Number))
  }

  const store: InvestorStore = {
    get: (id) => read(of(id), (inner) => inner.get(id)),
    getMany: (ids) => Promise.all(ids.map((id) => read(of(id), (inner) => inner.get(id)))),
    account: (id) => read(of(id), (inner) => inner.account(id)),
    putProfiles: async (records, sequence) => {
      await writeParts(
        records,
        ({ value }) => value.id,
        (inner, part) => inner.putProfiles(part),
      )
      if (sequence !== undefined) await noteTakenIn(sequence)
    },
    addEvents: async (events, sequence) => {
      await writeParts(
        events,
        ({ value }) => value.investorId,
        (inner, part) => inner.addEvents(part),
      )
      if (sequence !== undefined) await noteTakenIn(sequence)
    },
    putAccounts: (accounts) =>
      writeParts(
        accounts,
        ({ profile }) => profile.id,
        (inner, part) => inner.putAccounts(part),
      ),
    takenIn: async (named) => (named === undefined ? leastTakenIn() : read(during(named), (inner) => inner.takenIn())),
    noteTakenIn,
    vector: (id, stamp) => read(of(id), (inner) => inner.vector(id, stamp)),
    materialise: () => Promise.resolve(0),
    delete: (id) => write(of(id), (inner) => inner.delete(id)),
    ids: async (limit, after) => {
      const found = await Promise.all(servers.map((server) => read(server, (inner) => inner.ids(limit, after))))
      return found.flat().sort().slice(0, limit)
    },
    tenureOf: (id) => tenure(holderOf(id)),
    tenures: () => servers.map((_, n) => tenure(n)),
    forgets: false,
    close: () => Promise.resolve(),
  }

  return {
    store,
    stop: (n: number) => void (servers[n]!.down = true),
    mute: (n: number) => void (servers[n]!.mute = true),
    /** It answers again, and has kept everything. */
    wake: (n: number) => void Object.assign(servers[n]!, { down: false, mute: false }),
    /** Another takes its place, without the last writes. */
    failover: async (n: number, lost: number): Promise<void> => {
      const server = servers[n]!
      const kept = server.writes.slice(0, Math.max(0, server.writes.length - lost))
      const replica = memoryStore()
      for (const each of kept) await each(replica)
      Object.assign(server, { store: replica, writes: kept, down: false, mute: false, term: server.term + 1 })
    },
  }
}
