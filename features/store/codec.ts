import { decode, encode } from 'cborg'
import { type Touched } from '../schema/behaviour.js'
import { noTrades } from '../schema/holdings.js'
import { type Investor, type RiskAssessment } from '../schema/investor.js'
import { type InvestorSnapshot } from '../schema/records.js'
import { type InvestorState, snapshotOf } from './state.js'
import { packTrades, unpackTrades } from './tradesCodec.js'

/** First byte of every value. A change of the layout below takes the next number. */
export const codecVersion = 3
/** Values of 1 have no trades, those of 1 and 2 no finances and no redemptions. */
const readable: readonly (number | undefined)[] = [1, 2, codecVersion]

/** Of what events are folded into: 2 has trades, 3 redemptions. A store folded by an earlier one is to be filled again. */
export const foldVersion = 3

type PackedTouched = (string | number)[]
type PackedAssessment = [string, number | null, string, string, boolean, boolean]
type PackedProfile = unknown[]
type Packed = [
  knownAt: number,
  profile: PackedProfile | null,
  purchased: PackedTouched,
  viewed: PackedTouched,
  /** CBOR within CBOR: a recommendation reads past it. Empty where only `redeemed` follows. */
  trades?: Uint8Array,
  redeemed?: PackedTouched,
]

/** A list as one flat array, three places an entry: productId, count, lastAt. */
const packTouched = (list: readonly Touched[]): PackedTouched =>
  list.flatMap(({ productId, count, lastAt }) => [productId, count, lastAt])

const unpackTouched = (flat: PackedTouched): Touched[] => {
  const list: Touched[] = []
  for (let at = 0; at < flat.length; at += 3) {
    list.push({ productId: flat[at], count: flat[at + 1], lastAt: flat[at + 2] } as Touched)
  }
  return list
}

const packAssessment = (risk: RiskAssessment): PackedAssessment => [
  risk.level,
  risk.assessedAt,
  risk.questionnaireVersion,
  risk.basis,
  risk.lacksFullCapacity,
  risk.acceptsNoLoss,
]

const unpackAssessment = (packed: PackedAssessment): RiskAssessment => {
  const [level, assessedAt, questionnaireVersion, basis, lacksFullCapacity, acceptsNoLoss] = packed
  return { level, assessedAt, questionnaireVersion, basis, lacksFullCapacity, acceptsNoLoss } as RiskAssessment
}

/** The fields by position: names would double the size of a value. */
const packProfile = (investor: Investor): PackedProfile => [
  investor.id,
  investor.investorClass,
  investor.riskAssessment === null ? null : packAssessment(investor.riskAssessment),
  investor.assessments,
  investor.birthDate,
  investor.objectives,
  investor.horizonMonths,
  investor.lossCapacityBps,
  investor.knowledge,
  investor.assetBand,
  investor.incomeBand,
  investor.sustainability,
  investor.consents.profiling,
  investor.consents.personalisation,
  ...(investor.finances === null ? [] : [investor.finances]),
]

const unpackProfile = (packed: PackedProfile): Investor => {
  const assessment = packed[2] as PackedAssessment | null
  const fields: Record<keyof Investor, unknown> = {
    id: packed[0],
    investorClass: packed[1],
    riskAssessment: assessment === null ? null : unpackAssessment(assessment),
    assessments: packed[3],
    birthDate: packed[4],
    objectives: packed[5],
    horizonMonths: packed[6],
    lossCapacityBps: packed[7],
    knowledge: packed[8],
    assetBand: packed[9],
    incomeBand: packed[10],
    sustainability: packed[11],
    consents: { profiling: packed[12], personalisation: packed[13] },
    finances: packed[14] ?? null,
  }
  // Only encodeState writes these bytes, from values that the schema has checked.
  return fields as Investor
}

/** An investor's state as bytes: the version, then CBOR. */
export const encodeState = ({ profile, behaviour, trades }: InvestorState): Uint8Array => {
  const packed: Packed = [
    profile?.knownAt ?? 0,
    profile === null ? null : packProfile(profile.value),
    packTouched(behaviour.purchased),
    packTouched(behaviour.viewed),
  ]
  const redeemed = behaviour.redeemed ?? []
  const traded = trades.products.length + trades.plans.length > 0
  if (traded || redeemed.length > 0) packed.push(traded ? packTrades(trades) : new Uint8Array())
  if (redeemed.length > 0) packed.push(packTouched(redeemed))
  const body = encode(packed)
  const bytes = new Uint8Array(body.length + 1)
  bytes[0] = codecVersion
  bytes.set(body, 1)
  return bytes
}

/** Throws where another version of the program wrote the bytes. */
const unpacked = (bytes: Uint8Array): Packed => {
  if (!readable.includes(bytes[0])) {
    const found = `online store: a value has codec version ${bytes[0] ?? 'none'}, this program reads ${codecVersion}`
    throw new Error(`${found}; empty the store and fill it again from the history`)
  }
  return decode(bytes.subarray(1)) as Packed
}

const untraded = ([knownAt, profile, purchased, viewed, , redeemed]: Packed): Omit<InvestorState, 'trades'> => ({
  profile: profile === null ? null : { knownAt, value: unpackProfile(profile) },
  behaviour: {
    purchased: unpackTouched(purchased),
    viewed: unpackTouched(viewed),
    ...(redeemed === undefined ? {} : { redeemed: unpackTouched(redeemed) }),
  },
})

/** The state that the bytes hold; throws where another version of the program wrote them. */
export const decodeState = (bytes: Uint8Array): InvestorState => {
  const packed = unpacked(bytes)
  const trades = packed[4]
  return { ...untraded(packed), trades: trades === undefined || trades.length === 0 ? noTrades : unpackTrades(trades) }
}

/** The same without the trades, which are not read; null where there is no profile. */
export const decodeSnapshot = (bytes: Uint8Array): InvestorSnapshot | null => snapshotOf(untraded(unpacked(bytes)))
