import { FirmId, type EventId, type InvestorId } from '../features/schema/ids.js'

export const defaultFirm = FirmId.parse('default')

/**
 * The key of an investor, or of an event, in the stores: firms do not see each other's. No id holds a "/", so no two
 * are the same.
 */
export const keyOf = <Id extends InvestorId | EventId>(firmId: FirmId, id: Id): Id =>
  firmId === defaultFirm ? id : (`${firmId}/${id}` as Id)
