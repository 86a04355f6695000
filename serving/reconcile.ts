import { isDeepStrictEqual } from 'node:util'
import { storedFeatures } from '../features/definitions/catalogue.js'
import { featureId } from '../features/definitions/feature.js'
import { randomFor } from '../features/definitions/random.js'
import { type History } from '../features/history/port.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type InvestorAccount } from '../features/schema/records.js'
import { type InvestorStore } from '../features/store/port.js'
import { endOfTime } from './storeFollower.js'

export type ReconcileOptions = {
  /** So many investors, drawn by `seed`; null: all, and those whom the store holds and the history does not. */
  readonly sample: number | null
  readonly seed: number
  /** Puts right in the store what differs. */
  readonly repair: boolean
  /** His vector of `storedFeatures`. */
  readonly vectorOf: (account: InvestorAccount) => Float32Array
  readonly told?: (compared: number) => void
}

export type Reconciled = {
  readonly compared: number
  /** Investors whom the store holds otherwise than the history's fold, not at all, or alone. */
  readonly drifted: number
  readonly missing: number
  readonly unknown: number
  /** In how many of them each part of the account differs: `trades.positions`. */
  readonly byField: Readonly<Record<string, number>>
  /** In how many each feature differs, `name@version`. */
  readonly byFeature: Readonly<Record<string, number>>
  /** Some of them. */
  readonly examples: readonly InvestorId[]
  readonly repaired: number
}

const mostExamples = 20
const atOnce = 500

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What an absent key stands for is what undefined does. */
const same = (a: unknown, b: unknown): boolean =>
  isRecord(a) && isRecord(b) ? fieldsThatDiffer(a, b, 0).length === 0 : isDeepStrictEqual(a, b)

/** Names of what differs, down to `depth` levels below the first. */
const fieldsThatDiffer = (
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
  depth: number,
): readonly string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((name) => {
    const [left, right] = [a[name], b[name]]
    if (same(left, right)) return []
    if (depth === 0 || !isRecord(left) || !isRecord(right)) return [name]
    return fieldsThatDiffer(left, right, depth - 1).map((inner) => `${name}.${inner}`)
  })

const featuresThatDiffer = (a: Float32Array, b: Float32Array): readonly string[] =>
  storedFeatures.filter((_, column) => !Object.is(a[column], b[column])).map(featureId)

/** `size` of all who have a profile in the history, each as likely (Vitter 1985, algorithm R). */
const drawn = async (history: History, size: number, seed: number): Promise<readonly InvestorId[]> => {
  const { uniform } = randomFor(seed, 'reconcile')
  const chosen: InvestorId[] = []
  let [seen, last]: [number, InvestorId | null] = [0, null]
  for await (const batch of history.profilesKnown(endOfTime))
    for (const { value } of batch) {
      if (value.id === last) continue
      last = value.id
      seen += 1
      if (chosen.length < size) chosen.push(last)
      else {
        const place = Math.floor(uniform() * seen)
        if (place < size) chosen[place] = last
      }
    }
  return chosen
}

const accountsOf = async function* (
  history: History,
  ids: readonly InvestorId[],
): AsyncIterable<readonly InvestorAccount[]> {
  for (const id of ids) {
    const account = await history.accountAsOf(id, endOfTime)
    if (account !== null) yield [account]
  }
}

/** Compares what was streamed into the store with the fold of the history, which is right. No writer may be under way. */
export async function reconcile(
  history: History,
  store: InvestorStore,
  { sample, seed, repair, vectorOf, told }: ReconcileOptions,
): Promise<Reconciled> {
  const [byField, byFeature] = [new Map<string, number>(), new Map<string, number>()]
  const count = (counts: Map<string, number>, names: readonly string[]): void => {
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const examples: InvestorId[] = []
  const known = new Set<InvestorId>()
  let [compared, drifted, missing, unknown, repaired] = [0, 0, 0, 0, 0]
  const tellOf = (id: InvestorId): void => {
    drifted += 1
    if (examples.length < mostExamples) examples.push(id)
  }

  const compare = async (right: readonly InvestorAccount[]): Promise<void> => {
    const held = await Promise.all(right.map(({ profile }) => store.account(profile.id)))
    const wrong = right.filter((account, place) => {
      const found = held[place] ?? null
      known.add(account.profile.id)
      if (found === null && store.forgets) return false
      if (found === null) missing += 1
      else {
        const fields = fieldsThatDiffer(account, found, 1)
        if (fields.length === 0) return false
        count(byField, fields)
        count(byFeature, featuresThatDiffer(vectorOf(account), vectorOf(found)))
      }
      tellOf(account.profile.id)
      return true
    })
    compared += right.length
    if (!repair) return
    await store.putAccounts(wrong)
    repaired += wrong.length
  }

  const all = sample === null ? history.snapshotsAsOf(null) : accountsOf(history, await drawn(history, sample, seed))
  for await (const batch of all) {
    for (let at = 0; at < batch.length; at += atOnce) await compare(batch.slice(at, at + atOnce))
    told?.(compared)
  }
  const alone = sample === null ? (await store.ids(Infinity)).filter((id) => !known.has(id)) : []
  for (const id of alone) {
    unknown += 1
    tellOf(id)
    if (repair && (await store.delete(id))) repaired += 1
  }
  return {
    compared,
    drifted,
    missing,
    unknown,
    byField: Object.fromEntries([...byField].sort()),
    byFeature: Object.fromEntries([...byFeature].sort()),
    examples,
    repaired,
  }
}
