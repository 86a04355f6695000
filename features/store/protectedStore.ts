import { type IdentifierCipher } from '../../storage/identifierCipher.js'
import { type InvestorId } from '../schema/ids.js'
import { type InvestorSnapshot } from '../schema/records.js'
import { type InvestorStore } from './port.js'

/**
 * A store whose keys are tokens of the investors' ids; callers see the ids. `ids` gives them in the order of their tokens,
 * which is as good for pages as theirs. Values are sealed by the adapter: codecOver().
 */
export function protectedStore(below: InvestorStore, cipher: IdentifierCipher): InvestorStore {
  const token = (id: InvestorId): InvestorId => cipher.tokenOf(id) as InvestorId
  const idOf = (key: InvestorId): InvestorId => cipher.textOf(key) as InvestorId
  const named = <T extends InvestorSnapshot>(found: T | null): T | null =>
    found === null ? null : { ...found, profile: { ...found.profile, id: idOf(found.profile.id) } }
  return {
    get: async (id) => named(await below.get(token(id))),
    getMany: async (ids) => (await below.getMany(ids.map(token))).map(named),
    account: async (id) => named(await below.account(token(id))),
    putProfiles: (records, takenIn) =>
      below.putProfiles(
        records.map(({ knownAt, value }) => ({ knownAt, value: { ...value, id: token(value.id) } })),
        takenIn,
      ),
    addEvents: (events, takenIn) =>
      below.addEvents(
        events.map(({ knownAt, value }) => ({ knownAt, value: { ...value, investorId: token(value.investorId) } })),
        takenIn,
      ),
    putAccounts: (accounts) =>
      below.putAccounts(
        accounts.map((account) => ({ ...account, profile: { ...account.profile, id: token(account.profile.id) } })),
      ),
    takenIn: below.takenIn,
    noteTakenIn: below.noteTakenIn,
    // Adapters keep none under a key.
    vector: () => Promise.resolve(null),
    materialise: () => Promise.resolve(0),
    delete: (id) => below.delete(token(id)),
    ids: async (limit, after) =>
      (await below.ids(limit, after === undefined || after === '' ? '' : token(after as InvestorId))).map(idOf),
    tenureOf: (id) => below.tenureOf(token(id)),
    tenures: below.tenures,
    forgets: below.forgets,
    close: below.close,
  }
}
