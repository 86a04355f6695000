import { heldProducts, rematch, rematchRules } from '../engine/rematch.js'
import { localDate } from '../features/definitions/calendar.js'
import { type FirmId, InvestorId, type ProductId } from '../features/schema/ids.js'
import { type InvestorAccount } from '../features/schema/records.js'
import { type InvestorStore } from '../features/store/port.js'
import { type HoldersPage, type RematchService } from './assessmentService.js'
import { defaultFirm, keyOf } from './investorKey.js'
import { type PurchasePorts } from './purchaseChecks.js'

export type RematchPorts = Pick<PurchasePorts, 'account' | 'present'> & {
  readonly ids: InvestorStore['ids']
}

/** Least keys read at once while looking for the investors of a firm. */
const leastBatch = 100

/** What is held and no longer fits, by investor and by product. Listed when asked for; nothing is pushed to anybody. */
export function rematchService({ account, present, ids }: RematchPorts): RematchService {
  const idsOf = (firmId: FirmId, limit: number, after: InvestorId | null) => investorsOf(ids, firmId, limit, after)
  return {
    rematchedHoldings: async (firmId, id) => {
      const found = await account(firmId, id)
      const { at, catalogue, pack } = present(firmId, found?.knownAt)
      if (found === null) return { unknownInvestor: id }
      const rematched = rematch(pack, found, heldProducts(found.trades), catalogue, at)
      return { at, catalogueRevision: catalogue.revision, rematched, pack }
    },
    holdersNotFitting: async ({ firmId, productId, limit, after }) => {
      const known = await idsOf(firmId, limit, after)
      const accounts: { readonly investorId: InvestorId; readonly found: InvestorAccount }[] = []
      for (const investorId of known) {
        const found = await account(firmId, investorId)
        if (found !== null) accounts.push({ investorId, found })
      }
      const { at, catalogue, pack } = present(firmId, Math.max(...accounts.map(({ found }) => found.knownAt)))
      if (productId !== null && !catalogue.ordinalOf.has(productId)) return { unknownProduct: productId }
      const holders = accounts.flatMap(({ investorId, found }): HoldersPage['holders'] => {
        const held = heldOf(found, productId)
        if (held.length === 0) return []
        const rematched = rematch(pack, found, held, catalogue, at)
        return rematched.noLonger.length === 0 ? [] : [{ investorId, rematched }]
      })
      const rules = rematchRules(pack, localDate(at, pack.timeZone)).map(({ id }) => id)
      const next = known.length < limit ? null : (known.at(-1) ?? null)
      return { at, catalogueRevision: catalogue.revision, rules, lookedAt: accounts.length, holders, next, pack }
    },
  }
}

function heldOf({ trades }: InvestorAccount, productId: ProductId | null): readonly ProductId[] {
  if (productId === null) return heldProducts(trades)
  // Most hold it not, and their lots need not be made.
  if (!trades.products.some((each) => each.productId === productId)) return []
  return heldProducts(trades).filter((each) => each === productId)
}

/** The firm's investors after one, by id: those of other firms lie between and before them in the store. */
async function investorsOf(
  ids: InvestorStore['ids'],
  firmId: FirmId,
  limit: number,
  after: InvestorId | null,
): Promise<readonly InvestorId[]> {
  const prefix = firmId === defaultFirm ? '' : `${firmId}/`
  const batch = Math.max(limit, leastBatch)
  const found: InvestorId[] = []
  let from = after === null ? prefix : keyOf(firmId, after)
  while (found.length < limit) {
    const keys = await ids(batch, from)
    for (const key of keys) {
      const own = key.startsWith(prefix) ? InvestorId.safeParse(key.slice(prefix.length)) : null
      if (own === null) return found.slice(0, limit)
      if (own.success) found.push(own.data)
    }
    const last = keys.at(-1)
    if (last === undefined || keys.length < batch) break
    from = last
  }
  return found.slice(0, limit)
}
