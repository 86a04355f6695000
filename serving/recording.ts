import { LedgerError } from '../audit/ledgerError.js'
import { PersonsError } from '../audit/personWriter.js'
import { LogError } from '../storage/logError.js'
import { Unavailable } from './service.js'

/** Work on the record; where ledger or persons refuse, nothing may be served: `Unavailable` with `no-ledger`. */
export async function recording<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof LogError || error instanceof LedgerError || error instanceof PersonsError)
      throw new Unavailable('no-ledger', error.message)
    throw error
  }
}
