import { z } from 'zod'
import { type FirmId, type InvestorId } from '../../features/schema/ids.js'
import { type Erased } from '../erase.js'
import { type PersonalData } from '../privacy/personalData.js'
import { type Service } from '../service.js'
import { type Idempotency, type Kept } from './idempotency.js'
import { plainJson } from './plainJson.js'
import { type ErasureAnswer, PersonalDataAnswer } from './privacySchemas.js'

/** What is held on a person as one JSON value, for the route and the command. */
export function personalDataShown(
  { history, recorded, rejectedLines, learntFrom, now, ...data }: PersonalData,
  kept: readonly Kept[],
): z.input<typeof PersonalDataAnswer> {
  return z.encode(PersonalDataAnswer, {
    format: 'aptus-personal-data/1',
    ...data,
    history: { profiles: [...history.profiles], events: [...history.events] },
    now: now === null ? null : { ...now, features: [...now.features] },
    recorded: {
      pseudonym: recorded.pseudonym,
      entries: recorded.entries.map(({ index, entry, sealed }) => ({
        index,
        entry: { ...(plainJson(entry) as object), type: entry.type },
        sealed: plainJson(sealed),
      })),
    },
    rejectedLines: [...rejectedLines],
    learntFrom: learntFrom.map((learnt) => ({ ...learnt, releases: [...learnt.releases] })),
    keptAnswers: kept.map(({ expiresAt, answer: { status, body } }) => ({ expiresAt, status, body })),
  })
}

export const erasureShown = ({ entryId, at, runs, releases }: Erased): z.output<typeof ErasureAnswer> => ({
  entryId,
  at,
  runs: [...runs],
  releases: [...releases],
})

/**
 * Answers that are kept for repeated requests tell of the person too: they go first, and again afterwards, for requests
 * that came in between.
 */
export async function eraseWithAnswers(
  service: Pick<Service, 'eraseInvestor'>,
  idempotency: Idempotency,
  firmId: FirmId,
  id: InvestorId,
): Promise<Erased | null> {
  await idempotency.forget(firmId, id)
  const erased = await service.eraseInvestor(firmId, id)
  await idempotency.forget(firmId, id)
  return erased
}
