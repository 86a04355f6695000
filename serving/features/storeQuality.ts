import { createHash } from 'node:crypto'
import { investorVector } from '../../features/definitions/vectors.js'
import { columnsOf, counted, noCounts } from '../../features/quality/counts.js'
import { edgesFor } from '../../features/quality/reference.js'
import { compareIds, type InvestorId } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { type InvestorStore } from '../../features/store/port.js'
import { type Home } from '../home.js'
import { storeLagRows } from './freshness.js'
import { type FeatureQuality, productsNow, qualityOf, readable } from './quality.js'
import { readReference } from './readReference.js'

const pageSize = 1000

export type StoreQualityOptions = {
  readonly at: Instant
  /** So many investors instead of all, drawn by the seed. */
  readonly sample: number | null
  readonly seed: number
  readonly told: (done: number, total: number | null) => void
}

/** Without a server: the present values of those whom the store holds, against the active release's training set. */
export async function storeQuality(home: Home, options: StoreQualityOptions): Promise<FeatureQuality> {
  const { at, sample, seed, told } = options
  const release = await home.releases.active()
  const reference = release === null ? null : await readReference(home.releases, release)
  const catalogue = await home.catalogueLog.head()
  const edges = edgesFor(readable(reference), 'investor')
  const counts = counted(edges)
  const ids = sample === null ? pagesOf(home.store) : pagesIn(await drawn(home.store, sample, seed))
  let done = 0
  for await (const page of ids) {
    for (const investor of await Promise.all(page.map((id) => home.store.get(id))))
      if (investor !== null) counts.add(investorVector(investor, at))
    told((done += page.length), sample)
  }
  const sum = noCounts(edges)
  counts.addTo(sum)
  return qualityOf(
    {
      catalogue: () => catalogue,
      catalogueKnownAt: () => home.catalogueLog.newestKnownAt(),
      newest: home.newest,
      storeLagRows: () => storeLagRows(home),
      outOfRange: () => [],
    },
    {
      ...{ at, release, reference, compared: 'store' },
      investors: columnsOf(edges, sum),
      products: productsNow(catalogue, readable(reference), at),
    },
  )
}

async function* pagesOf(store: InvestorStore): AsyncGenerator<readonly InvestorId[]> {
  for (let page = await store.ids(pageSize); page.length > 0; page = await store.ids(pageSize, page.at(-1))) yield page
}

function* pagesIn(ids: readonly InvestorId[]): Generator<readonly InvestorId[]> {
  for (let from = 0; from < ids.length; from += pageSize) yield ids.slice(from, from + pageSize)
}

/** The `count` ids whose SHA-256 of "aptus features SEED ID" is least: uniform, and the same for the same seed. */
async function drawn(store: InvestorStore, count: number, seed: number): Promise<readonly InvestorId[]> {
  const rankOf = (id: InvestorId): string => createHash('sha256').update(`aptus features ${seed} ${id}`).digest('hex')
  let kept: { readonly id: InvestorId; readonly rank: string }[] = []
  for await (const page of pagesOf(store)) {
    kept.push(...page.map((id) => ({ id, rank: rankOf(id) })))
    kept = kept.sort((a, b) => compareIds(a.rank, b.rank)).slice(0, count)
  }
  return kept.map(({ id }) => id)
}
