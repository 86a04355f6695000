import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { hasBit } from '../engine/suitability/bitset.js'
import { type Name } from '../engine/suitability/expression.js'
import { type ProductInputs, productInputsOf, type Subject, subjectOf } from '../engine/suitability/inputs.js'
import { type Pack } from '../engine/suitability/pack.js'
import { readPack } from '../engine/suitability/readPack.js'
import { compileInputs, type Verdicts } from '../engine/suitability/verdicts.js'
import { type Investor } from '../features/schema/investor.js'
import { type Product } from '../features/schema/product.js'
import { type Activity } from '../features/schema/records.js'
import {
  randomActivity,
  randomBehaviour,
  randomInvestor,
  randomProduct,
  randomPurchase,
  seeded,
  sumsOf,
} from './randomMarket.js'

export const at = Date.parse('2026-05-08T15:00:00Z')
const livePacks = ['cn-2026', 'eu-mifid2', 'us-finra'].map((name) =>
  readPack(readFileSync(`packs/${name}.yaml`), `${name}.yaml`),
)
/** Each live pack with its id, as test.each takes it. */
export const each = livePacks.map((pack) => [pack.id, pack] as const)
export const initiations = ['push', 'self-initiated'] as const
const size = 24
export const ordinals = Array.from({ length: size }, (_, ordinal) => ordinal)

/** A law over random markets, each made from a seed. */
export const holds = (law: (seed: number) => void, numRuns = 100): void =>
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 31 }), law), { numRuns })

export type Facts = { readonly profile: Investor; readonly products: readonly Product[]; readonly activity: Activity }

/** Some products and an investor; two in three of the profiles lack nothing, so that something is permitted. */
export function market(seed: number) {
  const random = seeded(seed)
  const products = ordinals.map((index) => randomProduct(random, index, at))
  const drawn = randomInvestor(random, 1, at)
  const behaviour = randomBehaviour(random, size, at)
  const facts: Facts = {
    profile: seed % 3 > 0 ? whole(drawn) : drawn,
    products,
    activity: randomActivity(random),
  }
  const subjectFor = (
    pack: Pack,
    initiation: (typeof initiations)[number],
    purchase = randomPurchase(random),
    { profile, activity }: Omit<Facts, 'products'> = facts,
  ): Subject => {
    const known = sumsOf({ profile, knownAt: at - 1, behaviour, activity }, pack)
    return subjectOf(known, initiation, pack, at, initiation === 'push' ? undefined : purchase)
  }
  const inputsFor = (pack: Pack, of: readonly Product[] = products): ProductInputs[] =>
    of.map((product) => productInputsOf(product, pack.timeZone))
  return { random, facts, subjectFor, inputsFor }
}

/** A profile in which nothing is missing or out of date. */
function whole(drawn: Investor): Investor {
  const money = (minor: number) => ({ minor, currency: 'CNY' })
  return {
    ...drawn,
    riskAssessment: {
      level: drawn.riskAssessment?.level ?? 'C3',
      assessedAt: at - 1000,
      questionnaireVersion: 'q',
      basis: 'questionnaire',
      lacksFullCapacity: false,
      acceptsNoLoss: false,
    },
    consents: { profiling: true, personalisation: true },
    birthDate: drawn.birthDate ?? '1980-01-01',
    objectives: ['income', 'growth'],
    horizonMonths: drawn.horizonMonths ?? 60,
    lossCapacityBps: drawn.lossCapacityBps ?? 5000,
    knowledge: { bond: 'basic', ...drawn.knowledge },
    sustainability: drawn.sustainability ?? 'none',
    finances: {
      financialAssets: drawn.finances?.financialAssets ?? money(900_000_000),
      yearlyIncome: drawn.finances?.yearlyIncome ?? money(9_000_000),
      taxStatus: drawn.finances?.taxStatus ?? 'taxable',
      liquidityNeeds: drawn.finances?.liquidityNeeds ?? 'low',
      otherInvestments: drawn.finances?.otherInvestments ?? 'none',
    },
  }
}

export const judged = (pack: Pack, inputs: readonly ProductInputs[], subject: Subject): Verdicts =>
  compileInputs(inputs, pack).judge(subject)
export const permittedIn = ({ permitted }: Verdicts): number[] =>
  ordinals.filter((ordinal) => hasBit(permitted, ordinal))
export const without = <T>(some: readonly T[], others: readonly T[]): T[] => some.filter((one) => !others.includes(one))

/** Some of the inputs that the rules of a pack read; who asks is always known. */
export function someNames(random: () => number, pack: Pack): readonly Name[] {
  const read = pack.rules.flatMap(({ applies, permits }) => [...(applies?.names ?? []), ...permits.names])
  const all = read.filter(({ field }) => field !== 'initiation')
  return Array.from({ length: 6 }, () => all[Math.floor(random() * all.length)]).filter((name) => name !== undefined)
}
