/** Shared work runs together, exclusive work alone; both in the order in which they were asked for. In this process. */
export type SharedLock = {
  readonly shared: <T>(work: () => Promise<T>) => Promise<T>
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>
  /** Nothing runs and nothing waits. */
  readonly idle: () => boolean
}

export const sharedLock = (): SharedLock => {
  /** The last exclusive work, which all that comes later waits for. */
  let last: Promise<unknown> | null = null
  /** Shared work asked for since: what the next exclusive work waits for. */
  let since = new Set<Promise<unknown>>()

  return {
    shared: (work) => {
      const running = last === null ? work() : last.then(work)
      const of = since
      const done: Promise<unknown> = running.then(
        () => of.delete(done),
        () => of.delete(done),
      )
      of.add(done)
      return running
    },
    exclusive: (work) => {
      const running = Promise.all([last, ...since]).then(work)
      const done: Promise<unknown> = running.then(
        () => undefined,
        () => undefined,
      )
      since = new Set()
      last = done
      void done.then(() => {
        if (last === done) last = null
      })
      return running
    },
    idle: () => last === null && since.size === 0,
  }
}
