import { profileReads } from '../../audit/profileReads.js'
import { type FirmId, type InvestorId } from '../../features/schema/ids.js'
import { type Instant } from '../../features/schema/time.js'
import { keyOf } from '../investorKey.js'
import { recording } from '../recording.js'
import { personalData, type PersonalDataPorts } from './personalData.js'
import { type PrivacyService, type Read } from './privacyService.js'

type PrivacyPorts = PersonalDataPorts & {
  readonly instant: () => Instant
  /** Beside his decisions and profiles, and never beside his erasure. */
  readonly shared: <T>(firmId: FirmId, id: InvestorId, work: () => Promise<T>) => Promise<T>
}

/** Over an open data directory. */
export function privacyOf(ports: PrivacyPorts): PrivacyService {
  const { home, record, investors, instant, shared } = ports
  const reads = profileReads(record)
  const at = (read: Read) => ({ ...read, at: instant() })

  const ofInvestor = (read: Read, id: InvestorId): Promise<void> =>
    shared(read.firmId, id, async () => {
      const isKnown = !home.erasures.has(read.firmId, id) && (await investors.get(keyOf(read.firmId, id))) !== null
      if (isKnown) await reads.ofInvestor(at(read), id)
    })

  return {
    personalData: (read, investorId) =>
      shared(read.firmId, investorId, async () => {
        const { firmId } = read
        // Entered first, so that the read itself is among what is held.
        const isKnown = (await investors.get(keyOf(firmId, investorId))) !== null
        if (isKnown && !home.erasures.has(firmId, investorId)) await recording(reads.ofInvestor(at(read), investorId))
        return recording(personalData(ports, { firmId, investorId }, instant()))
      }),
    reads: {
      ofEntry: (read, entryId) => recording(reads.ofEntry(at(read), entryId)),
      ofInvestors: async (read, ids) => {
        await recording(Promise.all(ids.map((id) => ofInvestor(read, id))))
      },
      ofPersons: (read, pseudonyms) => recording(reads.ofPersons(at(read), pseudonyms)),
      ofTable: (read, rows) => recording(reads.ofTable(at(read), rows)),
    },
  }
}
