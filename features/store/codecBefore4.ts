import { decode } from 'cborg'
import { type Touched } from '../schema/behaviour.js'
import { noDaily } from '../schema/daily.js'
import { noTrades } from '../schema/holdings.js'
import { type Investor, type RiskAssessment } from '../schema/investor.js'
import { type InvestorState } from './state.js'
import { unpackTrades } from './tradesCodecBefore4.js'

/** Values of 1 have no trades, those of 1 and 2 no finances and no redemptions, none daily counts. */
const readable: readonly (number | undefined)[] = [1, 2, 3]

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
const unpackTouched = (flat: PackedTouched): Touched[] => {
  const list: Touched[] = []
  for (let at = 0; at < flat.length; at += 3) {
    list.push({ productId: flat[at], count: flat[at + 1], lastAt: flat[at + 2] } as Touched)
  }
  return list
}

const unpackAssessment = (packed: PackedAssessment): RiskAssessment => {
  const [level, assessedAt, questionnaireVersion, basis, lacksFullCapacity, acceptsNoLoss] = packed
  return { level, assessedAt, questionnaireVersion, basis, lacksFullCapacity, acceptsNoLoss } as RiskAssessment
}

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
  // Only encodeState of before wrote these bytes, from values that the schema had checked.
  return fields as Investor
}

/** The state in bytes of an earlier version; throws where another version of the program wrote them. */
export function decodeBefore4(bytes: Uint8Array): InvestorState {
  if (!readable.includes(bytes[0])) {
    const found = `online store: a value has codec version ${bytes[0] ?? 'none'}, this program reads 1 to 4 and 6`
    throw new Error(`${found}; empty the store and fill it again from the history`)
  }
  const [knownAt, profile, purchased, viewed, trades, redeemed] = decode(bytes.subarray(1)) as Packed
  return {
    profile: profile === null ? null : { knownAt, value: unpackProfile(profile) },
    behaviour: {
      purchased: unpackTouched(purchased),
      viewed: unpackTouched(viewed),
      ...(redeemed === undefined ? {} : { redeemed: unpackTouched(redeemed) }),
    },
    trades: trades === undefined || trades.length === 0 ? noTrades : unpackTrades(trades),
    daily: noDaily,
  }
}
