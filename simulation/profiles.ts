import { exp } from '../features/definitions/math.js'
import { type Random } from '../features/definitions/random.js'
import { groupOfKind } from '../features/definitions/product/kindGroup.js'
import { InvestorId } from '../features/schema/ids.js'
import { AssetBand, IncomeBand, type Investor, type KnowledgeLevel } from '../features/schema/investor.js'
import { Objective, ProductKind, ToleranceLevel } from '../features/schema/levels.js'
import { dateOfDayNumber, type Instant } from '../features/schema/time.js'
import { at } from './at.js'
import { chance, normal, pick, whole } from './draws.js'

/** What a person is, before anyone asks: the questionnaire measures some of it. */
export type Nature = {
  readonly birthDay: number
  /** Standard normal, of the means and of the will to bear risk; age counts in both. */
  wealth: number
  boldness: number
  horizonMonths: number
  readonly experience: number
  readonly sustainability: NonNullable<Investor['sustainability']>
  readonly professional: boolean
  readonly consents: Investor['consents']
  readonly lacksFullCapacity: boolean
  readonly acceptsNoLoss: boolean
}

const daysPerYear = 365.25

/** Years of age, a fraction. */
export const ageOn = (nature: Nature, day: number): number => (day - nature.birthDay) / daysPerYear

/** Upper edges, in standard deviations, of the bands of assets and income, and of C1 to C4. */
const assetEdges = [-1, -0.3, 0.6, 2, 2.4]
const incomeEdges = [-0.8, 0.1, 1.2, 2]
const levelEdges = [-1.25, -0.45, 0.45, 1.25]

const bandOf = (value: number, edges: readonly number[]): number => edges.filter((edge) => value >= edge).length

const horizons = [1, 3, 6, 12, 24, 36, 60, 120] as const
/** Nearest of the horizons that a questionnaire offers to a number of months. */
const offered = (months: number): number =>
  horizons.reduce((best: number, one) => (Math.abs(one - months) < Math.abs(best - months) ? one : best), 1)

/** Where horizons of C1 to C5 lie in the middle, months. */
const usualHorizons = [8, 14, 30, 48, 60] as const

export const levelOf = (nature: Nature): number => 1 + bandOf(nature.boldness, levelEdges)

export const drawnHorizon = (random: Random, level: number): number =>
  offered(at(usualHorizons, level - 1) * exp(0.6 * normal(random)))

/** A person on `day`: 22 to 80 years old, most of them between 28 and 55; the bold are younger and better off. */
export function natureOf(random: Random, day: number): Nature {
  const age = 22 + 20 * random.uniform() + 38 * random.uniform() * random.uniform()
  const wealth = 0.9 * normal(random) + (age - 41) * 0.02
  const boldness = normal(random) - (age - 41) * 0.022 + 0.25 * wealth
  const level = 1 + bandOf(boldness, levelEdges)
  const lowest = level === 1
  return {
    birthDay: Math.floor(day - age * daysPerYear),
    wealth,
    boldness,
    horizonMonths: drawnHorizon(random, level),
    experience: normal(random) + (age - 41) * 0.02 + 0.3 * boldness,
    sustainability: pick(random, [
      'none',
      'none',
      'none',
      'none',
      'none',
      'none',
      'preferred',
      'preferred',
      'required',
    ]),
    professional: wealth > 2.2 && chance(random, 0.6),
    consents: { profiling: !chance(random, 0.012), personalisation: !chance(random, 0.04) },
    lacksFullCapacity: lowest && chance(random, 0.03),
    acceptsNoLoss: lowest && chance(random, 0.15),
  }
}

/** What each level's money is for; a second and third aim come by chance. */
const aims: readonly (readonly Objective[])[] = [
  ['preservation', 'liquidity'],
  ['preservation', 'income'],
  ['income', 'growth'],
  ['growth', 'income'],
  ['growth', 'aggressive-growth'],
]
const extraAim: readonly Objective[] = ['income', 'liquidity', 'preservation', 'preservation', 'income']

const objectivesOf = (level: number, random: Random): Objective[] => {
  const [first, second] = at(aims, level - 1)
  const wanted = new Set<Objective | undefined>([first])
  if (chance(random, 0.85)) wanted.add(second)
  if (chance(random, 0.45)) wanted.add(at(extraAim, level - 1))
  return Objective.options.filter((objective) => wanted.has(objective))
}

const lossCapacities = [200, 800, 1_500, 3_000, 5_000] as const

/** Knows cash and bonds sooner than shares, and shares sooner than the rest. */
const difficulty = { cash: -2, bond: -1, mixed: 0, 'fund-of-funds': 0.3, equity: 0.2, alternative: 1 } as const

function knowledgeOf(experience: number): Investor['knowledge'] {
  const known: Partial<Record<ProductKind, KnowledgeLevel>> = {}
  for (const kind of ProductKind.options) {
    const ease = experience - difficulty[groupOfKind[kind]]
    if (ease > 0) known[kind] = ease > 1.6 ? 'experienced' : 'basic'
  }
  return known
}

/** The profile that a questionnaire makes of a person at an instant. */
export function profileOf(
  id: string,
  nature: Nature,
  assessedAt: Instant | null,
  assessments: readonly Instant[],
  random: Random,
): Investor {
  const level = levelOf(nature)
  const { acceptsNoLoss, lacksFullCapacity } = nature
  return {
    id: InvestorId.parse(id),
    investorClass: nature.professional ? 'professional' : 'ordinary',
    riskAssessment:
      assessedAt === null
        ? null
        : {
            level: at(ToleranceLevel.options, level - 1),
            assessedAt,
            questionnaireVersion: 'simulated-1',
            basis: 'questionnaire',
            acceptsNoLoss: acceptsNoLoss && level === 1,
            lacksFullCapacity: lacksFullCapacity && level === 1,
          },
    assessments: [...assessments],
    birthDate: dateOfDayNumber(nature.birthDay),
    objectives: objectivesOf(level, random),
    horizonMonths: nature.horizonMonths,
    lossCapacityBps: Math.max(0, at(lossCapacities, level - 1) + 100 * whole(random, -2, 4)),
    knowledge: knowledgeOf(nature.experience),
    assetBand: at(AssetBand.options, bandOf(nature.wealth, assetEdges)),
    incomeBand: at(IncomeBand.options, bandOf(nature.wealth * 0.8 + 0.3 * nature.experience, incomeEdges)),
    sustainability: nature.sustainability,
    finances: null,
    consents: nature.consents,
  }
}
