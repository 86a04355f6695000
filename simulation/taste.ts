import { exp } from '../features/definitions/math.js'
import { type Random, randomFor } from '../features/definitions/random.js'
import { groupOfKind, kindGroups, type KindGroup } from '../features/definitions/product/kindGroup.js'
import { type Investor } from '../features/schema/investor.js'
import { ProductKind } from '../features/schema/levels.js'
import { at, vector } from './at.js'
import { chance, dot, normal, normals, weighted } from './draws.js'
import { latentLength } from './goods.js'
import { type Switches } from './options.js'
import { ageOn, type Nature } from './profiles.js'

/** What an investor likes, as logarithms of weights: the part that never changes, drawn once. */
export type Taste = {
  readonly ofGroup: Float64Array
  readonly ofKind: Float64Array
  readonly latent: Float64Array
  /** Companies that he has stayed with, by index. */
  readonly favourites: readonly number[]
  /** How strongly recent returns draw him beyond others, and how much fees put him off. */
  readonly chase: number
  readonly thrift: number
}

/** What he likes now, with what his profile adds. */
export type Liking = {
  /** e^affinity by index of the kind. */
  readonly kindWeight: Float64Array
  /** e^affinity by how many levels a product lies below his own, 0 to 4. */
  readonly gapWeight: Float64Array
  readonly latent: Float64Array
}

/** Sizes of the effects, standard deviations of logarithms. Larger ones make behaviour easier to foretell. */
const strength = {
  group: 0.8,
  kind: 0.5,
  latent: 0.8,
  favourite: 1.8,
  profileKind: 0.35,
  profileLatent: 0.85,
  gap: 0.6,
}

/** What a standard deviation of age and of boldness adds to each group: the old hold cash, bonds, pensions. */
const groupOfAge: Readonly<Record<KindGroup, number>> = {
  cash: 0.35,
  bond: 0.35,
  mixed: 0,
  'fund-of-funds': 0.3,
  equity: -0.5,
  alternative: -0.1,
}

/** Number of what is read of the profile. */
const traits = 6

/** How profiles bear on taste: the same for all investors of a market, drawn from its seed. */
export type Loadings = { readonly ofKind: readonly Float64Array[]; readonly latent: readonly Float64Array[] }

export function loadingsOf(seed: number): Loadings {
  const random = randomFor(seed, 'profile-loadings')
  return {
    ofKind: ProductKind.options.map(() => normals(random, traits, strength.profileKind)),
    latent: Array.from({ length: latentLength }, () =>
      normals(random, traits, strength.profileLatent / Math.sqrt(traits)),
    ),
  }
}

export function tasteOf(random: Random, companyFame: Float64Array): Taste {
  const known = companyFame.map(exp)
  return {
    ofGroup: normals(random, kindGroups.length, strength.group),
    ofKind: normals(random, ProductKind.options.length, strength.kind),
    latent: normals(random, latentLength, strength.latent),
    favourites: chance(random, 0.7) ? [weighted(random, known), weighted(random, known)] : [],
    chase: 0.4 * normal(random) + 0.2,
    thrift: 0.5 * random.uniform(),
  }
}

/** [traits] of a profile, each of about mean 0 and variance 1. */
const traitsOf = (nature: Nature, profile: Investor, day: number): Float64Array =>
  Float64Array.of(
    (ageOn(nature, day) - 41) / 12,
    nature.wealth,
    nature.boldness,
    (profile.horizonMonths ?? 24) / 30 - 1,
    nature.experience,
    profile.sustainability === 'none' ? -0.5 : 1,
  )

/** Tastes and profile together, by the switches; all weights are 1 and the latent vector 0 where both are off. */
export function likingOf(
  taste: Taste,
  loadings: Loadings,
  switches: Switches,
  nature: Nature,
  profile: Investor,
  day: number,
): Liking {
  const own = switches.taste ? 1 : 0
  const shared = switches.profileEffects ? 1 : 0
  const read = traitsOf(nature, profile, day)
  const affinity = (kind: ProductKind, index: number): number => {
    const group = groupOfKind[kind]
    const liked = at(taste.ofGroup, kindGroups.indexOf(group)) + at(taste.ofKind, index)
    return own * liked + shared * (groupOfAge[group] * at(read, 0) + dot(at(loadings.ofKind, index), read))
  }
  return {
    kindWeight: Float64Array.from(ProductKind.options, (kind, index) => exp(affinity(kind, index))),
    gapWeight: vector(5, (gap) => exp(-shared * strength.gap * gap)),
    latent: vector(latentLength, (i) => own * at(taste.latent, i) + shared * dot(at(loadings.latent, i), read)),
  }
}

/** What being a favourite adds to a product's logarithm. */
export const favouritePull = strength.favourite
