import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storedFeatures } from '../features/definitions/catalogue.js'
import { randomFor } from '../features/definitions/random.js'
import { traitsIn, traitsTimeline } from '../features/definitions/traits.js'
import { storedVector } from '../features/definitions/vectors.js'
import { openHistory } from '../features/history/history.js'
import { type Digest, type InvestorId } from '../features/schema/ids.js'
import { emptyFold, foldRevisions } from '../features/store/catalogueFold.js'
import { lmdbStore } from '../features/store/lmdb.js'
import { recordMarket, small } from '../simulation/testMarket.js'
import { counted } from '../tests/full.js'

const width = storedFeatures.length
const nobody = new Float32Array(width).fill(Number.NaN)
/** As bytes: NaN is NaN, and -0 is not 0. */
const hexOf = (vector: Float32Array): string =>
  Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('hex')

type Asked = readonly (readonly [id: InvestorId, at: number])[]
type Market = Awaited<ReturnType<typeof recordMarket>>

/** Half of them at the very instant at which something became known: what is known at it is not known before it. */
function pairsIn({ investors, events }: Market, count: number): Asked {
  const random = randomFor(7, 'parity')
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random.uniform() * list.length)] as T
  const ids = [...new Set(investors.map(({ value }) => value.id))]
  const instants = events.map(({ knownAt }) => knownAt)
  const [first, last] = [Math.min(...instants), Math.max(...instants)]
  const anyInstant = (): number => Math.floor(first + random.uniform() * (last - first))
  return Array.from({ length: count }, () => [oneOf(ids), random.uniform() < 0.5 ? oneOf(instants) : anyInstant()])
}

const revisionsOf = ({ revisions }: Market) =>
  revisions.map(({ knownAt, changes }, n) => ({
    revision: n + 1,
    digest: `sha256:${'0'.repeat(64)}` as Digest,
    knownAt,
    products: changes,
  }))

/** Facts are taken in as they become known, and the store is read at the instants asked for. */
async function servedVectors(market: Market, asked: Asked, dir: string): Promise<readonly string[]> {
  const store = await lmdbStore(join(dir, 'online'))
  const facts = [
    ...market.investors.map((record) => ({ at: record.knownAt, take: () => store.putProfiles([record]) })),
    ...market.events.map((record) => ({ at: record.knownAt, take: () => store.addEvents([record]) })),
  ].sort((a, b) => a.at - b.at)
  const revisions = revisionsOf(market)
  const served: string[] = []
  let [taken, revision, fold] = [0, 0, emptyFold(null)]
  for (const [place, [id, at]] of [...asked.entries()].sort(([, a], [, b]) => a[1] - b[1])) {
    const due: Promise<void>[] = []
    for (let fact = facts[taken]; fact !== undefined && fact.at < at; fact = facts[(taken += 1)]) due.push(fact.take())
    await Promise.all(due)
    const known: typeof revisions = []
    for (let next = revisions[revision]; next !== undefined && next.knownAt < at; next = revisions[(revision += 1)])
      known.push(next)
    fold = foldRevisions(fold, known)
    const account = await store.account(id)
    served[place] = hexOf(account === null ? nobody : storedVector(account, at, traitsIn(fold.catalogue)))
  }
  await store.close()
  return served
}

/** Everything lies in the history, and the rows are built afterwards. */
async function trainedRows(market: Market, asked: Asked, dir: string) {
  const history = await openHistory(join(dir, 'history'))
  await history.appendInvestors(market.investors, 'test')
  await history.appendEvents(market.events, 'test')
  const investorIds = [...new Set(asked.map(([id]) => id))]
  const indexOf = new Map(investorIds.map((id, index) => [id, index]))
  const pairs = {
    investorIds,
    investor: Int32Array.from(asked, ([id]) => indexOf.get(id) ?? -1),
    at: Float64Array.from(asked, ([, at]) => at),
  }
  const rows: string[] = []
  let known = 0
  for await (const { pair, values, isKnown } of history.rows(pairs, traitsTimeline(revisionsOf(market))))
    for (const [row, place] of pair.entries()) {
      rows[place] = hexOf(values.slice(row * width, (row + 1) * width))
      known += isKnown[row] ?? 0
    }
  await history.close()
  return { rows, known }
}

test('training and serving read the same bits: a row of the simulated market is the vector that was served then', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-parity-'))
  const market = await recordMarket(small)
  const asked = pairsIn(market, counted(10_000))
  const served = await servedVectors(market, asked, dir)
  const { rows, known } = await trainedRows(market, asked, dir)
  await rm(dir, { recursive: true })
  expect(rows).toEqual(served)
  expect(known).toBeGreaterThan(asked.length / 2)
  expect(new Set(rows).size).toBeGreaterThan(asked.length / 3)
}, 600_000)
