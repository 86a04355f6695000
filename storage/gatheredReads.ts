type Value = Uint8Array | null
type Asked = { readonly key: string; readonly resolve: (value: Value) => void; readonly reject: (error: Error) => void }

/** Keys of one command: their values are one answer, that others wait behind. */
const most = 128

/**
 * Reads that are asked for in one turn of the event loop go as one: one command, deadline and answer for all of them.
 * So a read costs least where many are under way, and waits for nothing where there is one alone. `readMany` answers in
 * the order of the keys; where it rejects, each of them does. One alone goes by `readOne`.
 */
export const gatheredReads = (
  readOne: (key: string) => Promise<Value>,
  readMany: (keys: readonly string[]) => Promise<readonly Value[]>,
): ((key: string) => Promise<Value>) => {
  let asked: Asked[] = []

  const send = (): void => {
    const some = asked
    asked = []
    const [first] = some
    if (first !== undefined && some.length === 1) return void readOne(first.key).then(first.resolve, first.reject)
    readMany(some.map(({ key }) => key)).then(
      (values) => some.forEach(({ resolve }, n) => resolve(values[n] ?? null)),
      (error: Error) => some.forEach(({ reject }) => reject(error)),
    )
  }

  return (key) =>
    new Promise((resolve, reject) => {
      asked.push({ key, resolve, reject })
      // After the promises of this turn: who goes on with an answer asks for the next within it.
      if (asked.length === 1) process.nextTick(() => asked.length > 0 && send())
      else if (asked.length === most) send()
    })
}
