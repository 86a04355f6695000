import { foldEvents } from '../definitions/behaviour.js'
import { foldDaily } from '../definitions/daily.js'
import { foldTrades } from '../definitions/holdings.js'
import { type Behaviour, noBehaviour } from '../schema/behaviour.js'
import { type DailyCounts, noDaily } from '../schema/daily.js'
import { type Event } from '../schema/event.js'
import { noTrades, type Trades } from '../schema/holdings.js'
import { type InvestorId } from '../schema/ids.js'
import {
  type EventRecord,
  type InvestorAccount,
  type InvestorRecord,
  type InvestorSnapshot,
} from '../schema/records.js'

/** What a store holds of one investor: events may have come ahead of his profile. */
export type InvestorState = {
  readonly profile: InvestorRecord | null
  readonly behaviour: Behaviour
  readonly trades: Trades
  readonly daily: DailyCounts
}

/** From what is stored to what is to be stored: pure, since an adapter may have to apply it again. */
export type Change = (state: InvestorState) => InvestorState
export type Changes = ReadonlyMap<InvestorId, Change>

export const emptyState: InvestorState = Object.freeze({
  profile: null,
  behaviour: noBehaviour,
  trades: noTrades,
  daily: noDaily,
})

export const snapshotOf = ({
  profile,
  behaviour,
}: Pick<InvestorState, 'profile' | 'behaviour'>): InvestorSnapshot | null =>
  profile === null ? null : { profile: profile.value, knownAt: profile.knownAt, behaviour }

export const accountOf = (state: InvestorState): InvestorAccount | null => {
  const snapshot = snapshotOf(state)
  return snapshot === null ? null : { ...snapshot, trades: state.trades, daily: state.daily }
}

export const stateOf = ({ profile, knownAt, behaviour, trades, daily }: InvestorAccount): InvestorState => ({
  profile: { knownAt, value: profile },
  behaviour,
  trades,
  daily,
})

const withProfile =
  (records: readonly InvestorRecord[]): Change =>
  (state) => {
    let newest = state.profile
    for (const record of records) if (newest === null || record.knownAt >= newest.knownAt) newest = record
    return { ...state, profile: newest }
  }

const withEvents =
  (events: readonly Event[]): Change =>
  (state) => ({
    ...state,
    behaviour: foldEvents(events, state.behaviour),
    trades: foldTrades(events, state.trades),
    daily: foldDaily(events, state.daily),
  })

const grouped = <T>(values: readonly T[], idOf: (value: T) => InvestorId): Map<InvestorId, T[]> => {
  const groups = new Map<InvestorId, T[]>()
  for (const value of values) {
    const group = groups.get(idOf(value))
    if (group === undefined) groups.set(idOf(value), [value])
    else group.push(value)
  }
  return groups
}

const changesOf = <T>(groups: Map<InvestorId, T[]>, change: (group: T[]) => Change): Changes =>
  new Map([...groups].map(([id, group]) => [id, change(group)]))

export const profileChanges = (records: readonly InvestorRecord[]): Changes =>
  changesOf(
    grouped(records, (record) => record.value.id),
    withProfile,
  )

export const eventChanges = (events: readonly EventRecord[]): Changes =>
  changesOf(
    grouped(
      events.map(({ value }) => value),
      (event) => event.investorId,
    ),
    withEvents,
  )

export const accountChanges = (accounts: readonly InvestorAccount[]): Changes =>
  new Map(accounts.map((account) => [account.profile.id, () => stateOf(account)]))
