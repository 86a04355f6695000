import { FirmId, type InvestorId } from '../features/schema/ids.js'

export const defaultFirm = FirmId.parse('default')

/**
 * The investor's key in the stores: firms do not see each other's investors. No id holds a "/", so no two are the same.
 */
export const keyOf = (firmId: FirmId, id: InvestorId): InvestorId =>
  firmId === defaultFirm ? id : (`${firmId}/${id}` as InvestorId)
