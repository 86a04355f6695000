import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type Pseudonym } from '../commitment.js'
import { entryIdOf, seals } from '../entry.js'
import { type LedgerIndex, type Placed } from '../ledger.js'
import { type Record } from '../record.js'
import { type Row } from './columns.js'
import { rowOf, type Sealed } from './row.js'

/** What the search reads of a record. */
export type Source = Pick<Record, 'ledger' | 'persons'>

/** Entries read between two turns of the event loop, so that requests go on meanwhile. */
const atOnce = 32
/** So many entries are read one by one; for more, whole segments are. */
const fewEntries = 1000

async function* placed({ ledger }: Source, from: LedgerIndex, to: LedgerIndex): AsyncGenerator<Placed> {
  if (to - from <= fewEntries) for (let index = from; index < to; index++) yield await ledger.byIndex(index)
  else
    for await (const entry of ledger.iterate(from)) {
      if (entry.index >= to) return
      yield entry
    }
}

export const digestOf = ({ bytes }: Placed): string => createHash('sha256').update(bytes).digest('hex')

/** The rows of the entries `from` to `to`; those of `erasing` as after their erasure. `last`: SHA-256 of the newest. */
export async function readRows(
  source: Source,
  { from, to, erasing }: { from: LedgerIndex; to: LedgerIndex; erasing: ReadonlySet<Pseudonym> },
): Promise<{ readonly rows: readonly Row[]; readonly last: string }> {
  const rows: Row[] = []
  let last = ''
  const take = async (group: readonly Placed[]): Promise<void> => {
    rows.push(...(await rowsOfGroup(source, group, erasing)))
    await setImmediate()
  }
  let group: Placed[] = []
  for await (const entry of placed(source, from, to)) {
    group.push(entry)
    if (entry.index === to - 1) last = digestOf(entry)
    if (group.length < atOnce) continue
    await take(group)
    group = []
  }
  if (group.length > 0) await take(group)
  return { rows, last }
}

async function rowsOfGroup(
  { persons }: Source,
  group: readonly Placed[],
  erasing: ReadonlySet<Pseudonym>,
): Promise<readonly Row[]> {
  const sealing = group.flatMap(({ entry }) => (seals(entry) ? [entry] : []))
  const kept = await persons.partsOfAll(sealing.map(entryIdOf))
  const sealed = new Map<string, Sealed>()
  for (const [place, entry] of sealing.entries()) {
    const parts = erasing.has(entry.pseudonym) ? 'erased' : (kept[place] ?? null)
    sealed.set(entryIdOf(entry), parts ?? ((await persons.keyOf(entry.pseudonym)) === null ? 'erased' : 'lost'))
  }
  return group.map((each) => rowOf(each, sealed.get(entryIdOf(each.entry)) ?? null))
}
