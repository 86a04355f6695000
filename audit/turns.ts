/**
 * Work in the order in which it was asked for: waiting items share one group, a task runs alone. A group that throws
 * rejects all its items; what comes later still runs.
 */
export type Turns<Item, Result> = {
  /** Settles as the group says for this item, in the group's order. */
  readonly join: (item: Item) => Promise<Result>
  readonly alone: <T>(task: () => Promise<T>) => Promise<T>
}

export type Settled<Result> = { readonly value: Result } | { readonly error: Error }

type Waiting<Item, Result> = {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** `work` is given the items that waited and resolves to what became of each, in their order. */
export const turns = <Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Settled<Result>[]>,
): Turns<Item, Result> => {
  let last: Promise<void> = Promise.resolve()
  let open: Waiting<Item, Result>[] | null = null

  const runGroup = async (group: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await work(group.map(({ item }) => item))
      group.forEach(({ resolve, reject }, place) => {
        const settled = results[place] ?? { error: new Error('the group says nothing of this item') }
        if ('error' in settled) reject(settled.error)
        else resolve(settled.value)
      })
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }

  const openGroup = (): Waiting<Item, Result>[] => {
    const group: Waiting<Item, Result>[] = []
    open = group
    last = last.then(() => {
      if (open === group) open = null
      return runGroup(group)
    })
    return group
  }

  return {
    join: (item) =>
      new Promise((resolve, reject) => {
        ;(open ?? openGroup()).push({ item, resolve, reject })
      }),
    alone: (task) => {
      open = null
      const run = last.then(task)
      last = run.then(
        () => undefined,
        () => undefined,
      )
      return run
    },
  }
}
