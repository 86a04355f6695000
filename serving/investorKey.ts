import { FirmId, type EventId, type InvestorId } from '../features/schema/ids.js'

export const defaultFirm = FirmId.parse('default')

/**
 * The key of an investor, or of an event, in the stores: firms do not see each other's. No id holds a "/", so no two
 * are the same.
 */
export const keyOf = <Id extends InvestorId | EventId>(firmId: FirmId, id: Id): Id =>
  firmId === defaultFirm ? id : (`${firmId}/${id}` as Id)

/** What keyOf() was given. */
export function ownerOf<Id extends InvestorId | EventId>(key: Id): { readonly firmId: FirmId; readonly id: Id } {
  const slash = key.indexOf('/')
  return slash === -1
    ? { firmId: defaultFirm, id: key }
    : { firmId: FirmId.parse(key.slice(0, slash)), id: key.slice(slash + 1) as Id }
}
