import { exposureChecker, type ExposureFault, exposureFaults } from '../../audit/exposures.js'
import { type ExposurePeriod } from '../../features/history/exposures.js'
import { type DecisionId, type EventId, type FirmId, type ProductId } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { ownerOf } from '../investorKey.js'
import { type AuditPorts } from './audit.js'

/** An exposure that the ledger does not bear out. The event's id leads to the investor, whom the firm knows. */
export type UnrecordedExposure = {
  readonly eventId: EventId
  readonly decisionId: DecisionId
  readonly productId: ProductId
  readonly rank: number
  readonly occurredAt: Instant
  readonly faults: readonly ExposureFault[]
}

export type ExposureReport = {
  readonly exposures: number
  /** Left out: imported or simulated, shown by decisions that this ledger never held. Of all firms. */
  readonly imported: number
  /** Exposures by fault; one may have several. */
  readonly byFault: Readonly<Record<ExposureFault, number>>
  /** Decisions that were shown and never recorded, each once; of the faults below that are listed. */
  readonly unrecorded: readonly DecisionId[]
  /** The first of them. */
  readonly items: readonly UnrecordedExposure[]
}

/** Every exposure that a firm told of in a period, held against the ledger. */
export async function exposuresOf(
  { home, record }: Pick<AuditPorts, 'home' | 'record'>,
  firmId: FirmId,
  { limit, ...period }: ExposurePeriod & { readonly limit: number },
): Promise<ExposureReport> {
  const check = exposureChecker(record.ledger, record.persons)
  const byFault: Record<ExposureFault, number> = Object.fromEntries(
    exposureFaults.map((fault) => [fault, 0]),
  ) as Record<ExposureFault, number>
  const items: UnrecordedExposure[] = []
  let exposures = 0
  for await (const batch of home.history.exposuresTold(period))
    for (const told of batch) {
      const owner = ownerOf(told.investorId)
      if (owner.firmId !== firmId) continue
      exposures += 1
      const { productId, decisionId, rank, occurredAt } = told
      const faults = await check({ ...owner, investorId: owner.id, productId, decisionId, rank, occurredAt })
      for (const fault of faults) byFault[fault] += 1
      if (faults.length > 0 && items.length < limit)
        items.push({ eventId: ownerOf(told.eventId).id, decisionId, productId, rank, occurredAt, faults })
    }
  const unknown = items.filter(({ faults }) => faults.includes('unknown-decision'))
  return {
    exposures,
    imported: await home.history.exposuresImported(period),
    byFault,
    unrecorded: [...new Set(unknown.map(({ decisionId }) => decisionId))],
    items,
  }
}
