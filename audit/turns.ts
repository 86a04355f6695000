/**
 * Work in the order in which it was asked for: waiting items share one group, a task runs alone. A group that throws
 * rejects all its items; what comes later still runs.
 */
export type Turns<Item, Result> = {
  /** Resolves to the item's own result, in the group's order; a result may be a rejection. */
  readonly join: (item: Item) => Promise<Result>
  readonly alone: <T>(task: () => Promise<T>) => Promise<T>
}

type Waiting<Item, Result> = {
  readonly item: Item
  readonly resolve: (result: Result | Promise<Result>) => void
  readonly reject: (error: unknown) => void
}

/** `work` is given the items that waited and resolves to a result, or a promise of one, for each. */
export const turns = <Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly (Result | Promise<Result>)[]>,
): Turns<Item, Result> => {
  let last: Promise<void> = Promise.resolve()
  let open: Waiting<Item, Result>[] | null = null

  const runGroup = async (group: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await work(group.map(({ item }) => item))
      group.forEach(({ resolve, reject }, place) => {
        const result = results[place]
        if (result === undefined) reject(new Error('the group gave no result for an item'))
        else resolve(result)
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
