import { openedParts, type RecordedBytes } from '../../../audit/recordedBytes.js'
import { type Period, recordedDecisions } from '../../../audit/recordedDecisions.js'
import { type Difference, type Replayed, type SearchReplayed } from '../../../audit/replay.js'
import { type Record as AuditRecord } from '../../../audit/record.js'
import { type DecisionId } from '../../../features/schema/ids.js'
import { batchSize, type Replayer } from './replayer.js'

/** A decision that is not the same again, or could not be compared. Values of a person are left out. */
export type NotSame = { readonly decisionId: DecisionId; readonly ledgerIndex: number; readonly replayed: Replayed }

type Results = Record<Replayed['result'], number>

/** What replaying many came to. */
export type ReplayCounts = Readonly<Results> & {
  readonly decisions: number
  /** How the searches of those that are the same came out. */
  readonly search: Readonly<Record<SearchReplayed, number>>
  /** The first of those that differ or are unavailable. */
  readonly notSame: readonly NotSame[]
}

/** How many of those that are not the same are told one by one, and of how many they are the first. */
const mostTold = 100
const mostKept = 10_000

type Named = RecordedBytes & { readonly decisionId: DecisionId }

/**
 * Decides the recorded decisions of a period again, on all replayers at once. The record is read here alone, in
 * batches. `told`: entries of the ledger looked at, of how many; awaited.
 */
export async function replayMany(
  record: Pick<AuditRecord, 'ledger' | 'persons'>,
  period: Period,
  replayers: readonly Replayer[],
  { strict, told }: { readonly strict: boolean; readonly told: (done: number, total: number) => Promise<void> | void },
): Promise<ReplayCounts> {
  const total = record.ledger.size()
  const batches = batchesOf(record, period, (done) => told(done, total))
  const counts = counting()
  // One batch is read at a time, in whichever order the replayers ask.
  let last: Promise<unknown> = Promise.resolve()
  const next = (): Promise<IteratorResult<readonly Named[]>> => {
    const turn = last.then(() => batches.next())
    last = turn
    return turn
  }
  const work = async ({ replay }: Replayer): Promise<void> => {
    for (let batch = await next(); batch.done !== true; batch = await next()) {
      const results = await replay({ recorded: batch.value, strict })
      batch.value.forEach((each, place) => counts.add(each, results[place]))
    }
  }
  // Two at once: while one batch is decided, the next is read.
  await Promise.all([...replayers, ...replayers].map(work))
  return counts.result()
}

async function* batchesOf(
  { ledger, persons }: Pick<AuditRecord, 'ledger' | 'persons'>,
  period: Period,
  told: (done: number) => Promise<void> | void,
): AsyncGenerator<readonly Named[]> {
  let batch: Named[] = []
  for await (const { index, entry, bytes } of recordedDecisions({ ledger, persons }, period)) {
    batch.push({ decisionId: entry.decisionId, index, bytes, opened: await openedParts(persons, entry) })
    if (batch.length < batchSize) continue
    await told(index + 1)
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function counting() {
  const results: Results = { same: 0, differs: 0, erased: 0, unavailable: 0 }
  const search = { same: 0, differs: 0, 'as-recorded': 0 }
  const notSame: NotSame[] = []
  let decisions = 0
  return {
    add: ({ decisionId, index }: Named, replayed: Replayed | undefined): void => {
      if (replayed === undefined) throw new Error(`decision ${decisionId} was given no result`)
      decisions += 1
      results[replayed.result] += 1
      if (replayed.result === 'same') search[replayed.search] += 1
      else if (replayed.result !== 'erased' && notSame.length < mostKept)
        notSame.push({ decisionId, ledgerIndex: index, replayed: withoutPersonal(replayed) })
    },
    result: (): ReplayCounts => ({
      decisions,
      ...results,
      search,
      notSame: notSame.sort((a, b) => a.ledgerIndex - b.ledgerIndex).slice(0, mostTold),
    }),
  }
}

function withoutPersonal(replayed: Replayed): Replayed {
  if (replayed.result !== 'differs') return replayed
  const open = ({ path, personal, recorded, replayed: now }: Difference): Difference =>
    personal ? { path, personal, recorded: 'sealed', replayed: 'sealed' } : { path, personal, recorded, replayed: now }
  return { ...replayed, differences: replayed.differences.map(open) }
}
