import { decode, encode } from 'cborg'
import { type InvestorId } from '../schema/ids.js'
import {
  AssetBand,
  type Finances,
  IncomeBand,
  type Investor,
  KnowledgeLevel,
  type RiskAssessment,
} from '../schema/investor.js'
import { InvestorClass, Objective, ProductKind, ToleranceLevel } from '../schema/levels.js'
import { type InvestorRecord } from '../schema/records.js'
import { dateOfDayNumber, dayNumber } from '../schema/time.js'
import { epoch, listed, type Reader, type Writer } from './bytes.js'

/**
 * A profile as bytes. Lists of names are written as the place of the name in the schema's list: a name may be added at
 * the end of one, and any other change of a list needs a new version of the codec; a test holds them.
 *
 *     known from             instant
 *     fields                 the bits below
 *     the present ones       in the order of the bits: instants of assessments after that of the newest, or after
 *                            when the profile was known; objectives as the digits of one number to the base 8, from 1;
 *                            knowledge as n bytes, two bits a kind, 0 where nothing is said of it
 */
const basis = ['questionnaire', 'predicted'] as const
const sustainability = ['none', 'preferred', 'required'] as const

const bit = {
  assessment: 1 << 0,
  assessments: 1 << 1,
  birthDate: 1 << 2,
  objectives: 1 << 3,
  horizon: 1 << 4,
  lossCapacity: 1 << 5,
  knowledge: 1 << 6,
  assetBand: 1 << 7,
  incomeBand: 1 << 8,
  finances: 1 << 9,
  sustainability: 1 << 10,
  class: 1 << 11,
  profiling: 1 << 12,
  personalisation: 1 << 13,
} as const

function bitsOf(investor: Investor): number {
  const present: readonly (readonly [keyof typeof bit, boolean])[] = [
    ['assessment', investor.riskAssessment !== null],
    ['assessments', investor.assessments.length > 0],
    ['birthDate', investor.birthDate !== null],
    ['objectives', investor.objectives !== null],
    ['horizon', investor.horizonMonths !== null],
    ['lossCapacity', investor.lossCapacityBps !== null],
    ['knowledge', Object.keys(investor.knowledge).length > 0],
    ['assetBand', investor.assetBand !== null],
    ['incomeBand', investor.incomeBand !== null],
    ['finances', investor.finances !== null],
    ['sustainability', investor.sustainability !== null],
    ['class', investor.investorClass !== InvestorClass.options[0]],
    ['profiling', investor.consents.profiling],
    ['personalisation', investor.consents.personalisation],
  ]
  return present.reduce((bits, [name, isPresent]) => bits + (isPresent ? bit[name] : 0), 0)
}

/** The place of a value in its list. Throws where it is none of them: only checked values are written. */
function placeIn<T>(list: readonly T[], value: T): number {
  const place = list.indexOf(value)
  if (place < 0) throw new RangeError(`codec: ${String(value)} is none of ${list.join(', ')}`)
  return place
}

export function writeProfile(to: Writer, { knownAt, value }: InvestorRecord): void {
  to.instant(knownAt, epoch)
  to.whole(bitsOf(value))
  if (value.riskAssessment !== null) writeAssessment(to, value.riskAssessment, knownAt)
  if (value.assessments.length > 0) {
    to.whole(value.assessments.length)
    for (const instant of value.assessments) to.instant(instant, value.riskAssessment?.assessedAt ?? knownAt)
  }
  if (value.birthDate !== null) to.signed(dayNumber(value.birthDate))
  if (value.objectives !== null)
    to.whole(value.objectives.reduceRight((digits, one) => 8 * digits + 1 + placeIn(Objective.options, one), 0))
  if (value.horizonMonths !== null) to.whole(value.horizonMonths)
  if (value.lossCapacityBps !== null) to.whole(value.lossCapacityBps)
  if (Object.keys(value.knowledge).length > 0) to.bytes(knowledgeBytes(value.knowledge))
  if (value.assetBand !== null) to.byte(placeIn(AssetBand.options, value.assetBand))
  if (value.incomeBand !== null) to.byte(placeIn(IncomeBand.options, value.incomeBand))
  if (value.finances !== null) to.bytes(encode(value.finances))
  if (value.sustainability !== null) to.byte(placeIn(sustainability, value.sustainability))
}

/** What is read otherwise of a value of version 4. */
type Form = {
  readonly instant: (before: number) => number
  readonly objectives: () => Objective[]
  readonly knowledge: () => Investor['knowledge']
}

/** `version`: of the codec that wrote it. */
export function readProfile(from: Reader, id: InvestorId, version: 4 | 6): InvestorRecord {
  const form = version === 4 ? formOf4(from) : formOf6(from)
  const knownAt = form.instant(version === 4 ? 0 : epoch)
  const bits = from.whole()
  const given = <T>(name: keyof typeof bit, read: () => T): T | null => ((bits & bit[name]) === 0 ? null : read())
  const riskAssessment = given('assessment', () => readAssessment(from, () => form.instant(knownAt)))
  const lastAssessed = version === 4 ? knownAt : (riskAssessment?.assessedAt ?? knownAt)
  // Only writeProfile writes these bytes, from values that the schema has checked.
  const value = {
    id,
    investorClass: InvestorClass.options[(bits & bit.class) === 0 ? 0 : 1],
    riskAssessment,
    assessments: given('assessments', () => from.times(from.whole(), () => form.instant(lastAssessed))) ?? [],
    birthDate: given('birthDate', () => dateOfDayNumber(from.signed())),
    objectives: given('objectives', form.objectives),
    horizonMonths: given('horizon', () => from.whole()),
    lossCapacityBps: given('lossCapacity', () => from.whole()),
    knowledge: given('knowledge', form.knowledge) ?? {},
    assetBand: given('assetBand', () => from.oneOf(AssetBand.options)),
    incomeBand: given('incomeBand', () => from.oneOf(IncomeBand.options)),
    finances: given('finances', () => decode(from.bytes()) as Finances),
    sustainability: given('sustainability', () => from.oneOf(sustainability)),
    consents: { profiling: (bits & bit.profiling) !== 0, personalisation: (bits & bit.personalisation) !== 0 },
  }
  return { knownAt, value: value as Investor }
}

const formOf4 = (from: Reader): Form => ({
  instant: (before) => from.step(before),
  objectives: () => from.times(from.whole(), () => from.oneOf(Objective.options)),
  knowledge: () =>
    Object.fromEntries(
      from.times(from.whole(), () => [from.oneOf(ProductKind.options), from.oneOf(KnowledgeLevel.options)] as const),
    ),
})

const formOf6 = (from: Reader): Form => ({
  instant: (before) => from.instant(before),
  objectives: () => {
    const objectives: Objective[] = []
    for (let digits = from.whole(); digits > 0; digits = Math.floor(digits / 8))
      objectives.push(listed(Objective.options, (digits % 8) - 1))
    return objectives
  },
  knowledge: () => knowledgeIn(from.bytes()),
})

function knowledgeBytes(knowledge: Investor['knowledge']): Uint8Array {
  const bytes = ProductKind.options.reduce<number[]>((all, kind, place) => {
    const level = knowledge[kind]
    if (level === undefined) return all
    const index = place >> 2
    while (all.length <= index) all.push(0)
    all[index] = (all[index] ?? 0) + ((1 + placeIn(KnowledgeLevel.options, level)) << (2 * (place & 3)))
    return all
  }, [])
  return Uint8Array.from(bytes)
}

function knowledgeIn(bytes: Uint8Array): Investor['knowledge'] {
  const knowledge: Investor['knowledge'] = {}
  for (let place = 0; place < 4 * bytes.length; place += 1) {
    const level = ((bytes[place >> 2] ?? 0) >> (2 * (place & 3))) & 3
    if (level > 0) knowledge[listed(ProductKind.options, place)] = listed(KnowledgeLevel.options, level - 1)
  }
  return knowledge
}

/** Its level, basis and the two flags are one byte; of when, the distance from when the profile was known. */
function writeAssessment(to: Writer, risk: RiskAssessment, knownAt: number): void {
  to.byte(
    placeIn(ToleranceLevel.options, risk.level) +
      8 * placeIn(basis, risk.basis) +
      (risk.lacksFullCapacity ? 16 : 0) +
      (risk.acceptsNoLoss ? 32 : 0) +
      (risk.assessedAt === null ? 0 : 64),
  )
  to.text(risk.questionnaireVersion)
  if (risk.assessedAt !== null) to.instant(risk.assessedAt, knownAt)
}

function readAssessment(from: Reader, instant: () => number): RiskAssessment {
  const packed = from.byte()
  const questionnaireVersion = from.text()
  return {
    level: listed(ToleranceLevel.options, packed & 7),
    assessedAt: (packed & 64) === 0 ? null : instant(),
    questionnaireVersion,
    basis: listed(basis, (packed >> 3) & 1),
    lacksFullCapacity: (packed & 16) !== 0,
    acceptsNoLoss: (packed & 32) !== 0,
  }
}
