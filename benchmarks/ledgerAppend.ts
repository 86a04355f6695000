import { readFileSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRecord, type Record } from '../audit/record.js'
import { type Context, decide } from '../engine/decide.js'
import { type Decision } from '../engine/decision.js'
import { readPack } from '../engine/suitability/readPack.js'
import { DecisionId, FirmId, InvestorId } from '../features/schema/ids.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { releaseInMemory } from '../training/holdout.js'
import { openSegments } from '../storage/segments.js'
import { catalogueOf, contentModel } from './realCatalogue.js'
import { marketAtEnd } from './rulesMarket.js'
import { report, rounded } from './suite.js'

const firmId = FirmId.parse('default')
const rounds = 5
const perRound = 4000
const writerCounts = [1, 16, 64]

/** One way to make entries durable: `append` resolves when the entry of that number is on the disk. */
type Way = { readonly append: (number: number) => Promise<unknown>; readonly close: () => Promise<void> }
type Measured = { readonly perSecond: number; readonly p99Ms: number }

type Recordable = { readonly decision: Decision; readonly investor: InvestorSnapshot; readonly context: Context }

/** Decisions for investors of a small simulated market: slates and refusals. */
async function someDecisions(): Promise<readonly Recordable[]> {
  const end = Date.parse('2026-05-08T15:00:00Z')
  const size = { seed: 401, endDay: '2026-05-08', products: 400, investors: 500, days: 120 }
  const { products, investors } = await marketAtEnd(size, end)
  const catalogue = catalogueOf(products)
  const release = releaseInMemory(contentModel(catalogue), catalogue)
  const pack = readPack(readFileSync('packs/cn-2026.yaml'))
  const context: Context = { mode: 'live', scene: 'home', size: 10, exclude: [] }
  return [...investors.values()].map((investor, seed) => ({
    decision: decide(release, catalogue, pack, investor, context, end, seed).decision,
    investor,
    context,
  }))
}

/** The canonical entries of those decisions, as the ledger holds them: what the plain ways write. */
async function entriesOf(dir: string, decisions: readonly Recordable[]): Promise<readonly Uint8Array[]> {
  const record = await openRecord(join(dir, 'ledger'), join(dir, 'persons'))
  for (const number of decisions.keys()) await appendTo(record, decisions, number)
  const entries: Uint8Array[] = []
  for await (const { bytes } of record.ledger.iterate()) entries.push(bytes)
  await record.close()
  return entries
}

function appendTo(record: Record, decisions: readonly Recordable[], number: number): Promise<number> {
  const { decision, investor, context } = decisions[number % decisions.length] as Recordable
  const investorId = InvestorId.parse(`I${number % 997}`)
  const whose = { firmId, investorId, decisionId: DecisionId.parse(`d-${number}`) }
  return record.append(decision, investor, { ...context, exclude: [] }, whose)
}

/** A write and an fdatasync of the same bytes: `group` entries at once, as a group commit at its best would. */
async function plain(dir: string, entries: readonly Uint8Array[], group: number): Promise<Way> {
  const file = await open(join(dir, 'plain'), 'w')
  let offset = 0
  let waiting: { bytes: Uint8Array; done: () => void; failed: (error: unknown) => void }[] = []
  const write = async (): Promise<void> => {
    const taken = waiting
    waiting = []
    const bytes = Buffer.concat(taken.map((each) => each.bytes))
    try {
      await file.write(bytes, 0, bytes.length, offset)
      offset += bytes.length
      await file.datasync()
      for (const { done } of taken) done()
    } catch (error) {
      for (const { failed } of taken) failed(error)
    }
  }
  return {
    append: (number) =>
      new Promise<void>((done, failed) => {
        waiting.push({ bytes: entries[number % entries.length] as Uint8Array, done, failed })
        if (waiting.length === group) void write()
      }),
    close: () => file.close(),
  }
}

async function log(dir: string, entries: readonly Uint8Array[]): Promise<Way> {
  const segments = await openSegments(join(dir, 'log'))
  return {
    append: (number) => segments.append(entries[number % entries.length] as Uint8Array),
    close: segments.close,
  }
}

async function recorded(dir: string, decisions: readonly Recordable[]): Promise<Way> {
  const record = await openRecord(join(dir, 'ledger'), join(dir, 'persons'))
  return { append: (number) => appendTo(record, decisions, number), close: record.close }
}

/** `writers` at once, each its next entry when the last is durable; `perRound` is a multiple of each count. */
async function measure({ append }: Way, writers: number): Promise<Measured> {
  const waits: number[] = []
  let next = 0
  const count = perRound - (perRound % writers)
  const from = performance.now()
  const write = async (): Promise<void> => {
    while (next < count) {
      const began = performance.now()
      await append(next++)
      waits.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: writers }, write))
  const seconds = (performance.now() - from) / 1000
  waits.sort((a, b) => a - b)
  return { perSecond: count / seconds, p99Ms: waits[Math.floor(waits.length * 0.99)] ?? NaN }
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN

/** What a durable append costs beside a plain write and fdatasync of the same bytes, at 1, 16 and 64 writers. */
export async function ledgerAppend(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-append-'))
  try {
    const decisions = await someDecisions()
    const entries = await entriesOf(join(dir, 'made'), decisions)
    const rows: object[] = []
    for (const writers of writerCounts) {
      const ways: { readonly [name: string]: (at: string) => Promise<Way> } = {
        'plain write + fdatasync, all writers in one group': (at) => plain(at, entries, writers),
        'segments: group commit, chain, CRC': (at) => log(at, entries),
        'record: ledger and Merkle tree, and the person’s part sealed before it': (at) => recorded(at, decisions),
      }
      const results = new Map<string, Measured[]>(Object.keys(ways).map((name) => [name, []]))
      for (let round = 0; round < rounds; round++)
        for (const [name, openWay] of Object.entries(ways)) {
          const at = await mkdtemp(join(dir, 'round-'))
          const way = await openWay(at)
          results.get(name)?.push(await measure(way, writers))
          await way.close()
          await rm(at, { recursive: true })
        }
      const [base = []] = results.values()
      for (const [way, measured] of results)
        rows.push({
          writers,
          way,
          'entries/s': Math.round(median(measured.map(({ perSecond }) => perSecond))),
          'p99 ms': rounded(median(measured.map(({ p99Ms }) => p99Ms))),
          'entries/s, ratio': rounded(
            median(measured.map(({ perSecond }, n) => perSecond / (base[n]?.perSecond ?? NaN))),
            3,
          ),
          'p99, ratio': rounded(median(measured.map(({ p99Ms }, n) => p99Ms / (base[n]?.p99Ms ?? NaN)))),
        })
    }
    const bytes = entries.reduce((sum, entry) => sum + entry.length, 0) / entries.length
    report('ledger-append', {
      question: 'What does a durable append cost?',
      baseline: 'one write and one fdatasync of the same bytes for all writers together, in the same round',
      n: `${rounds} rounds of ${perRound} entries of ${Math.round(bytes)} bytes each, medians over the rounds`,
      rows,
    })
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
