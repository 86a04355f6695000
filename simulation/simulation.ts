import { levelNumber } from '../features/schema/levels.js'
import { type Sink } from '../features/ingest/sink.js'
import { type Product } from '../features/schema/product.js'
import { type Choice, choiceOf } from './choice.js'
import { type Diary, openDiary } from './diary.js'
import { type Supply } from './goods.js'
import { importedSupply } from './importedSupply.js'
import { type Market } from './market.js'
import { allOn, type SimulationOptions } from './options.js'
import { type Person } from './person.js'
import { popularSlates } from './policy.js'
import { joinDayOf, personOf } from './population.js'
import { at } from './at.js'
import { type Shelf, shelfOn } from './shelf.js'
import { simulatedSupply } from './simulatedSupply.js'
import { likingOf, loadingsOf } from './taste.js'
import { trendsOn } from './trends.js'

/** The default market: 4,200 products of 120 companies, 20,000 investors, two years. */
export const defaults = { products: 4_200, companies: 120, investors: 20_000, days: 730 } as const

/** A market under way. */
export type Simulation = {
  readonly supply: Supply
  readonly market: Market
  readonly choice: Choice
  readonly diary: Diary
  /** By index of the investor; null before he joined. */
  readonly people: (Person | null)[]
  /** [investors] the day before which nothing happens to each; far ahead before he joined. */
  readonly wakeDays: Int32Array
  /** Lets everyone in who joins up to `day`. */
  readonly admit: (day: number) => void
  /** Puts on the shelf what is on sale on `day`. */
  readonly fillShelf: (day: number) => void
  /** Takes note of products launched. */
  readonly launched: (changes: readonly Product[], day: number) => void
  readonly tallied: () => { readonly purchasesAboveLevel: number }
}

export type Span = { readonly first: number; readonly last: number }

/** Everything but the days themselves: `run` of simulateMarket.ts lets them pass. */
export function openSimulation(
  options: SimulationOptions,
  { first, last }: Span,
  sink: Sink,
  onProduct?: (done: number) => void,
): Simulation {
  const { seed, catalogue, switches = allOn, policy = popularSlates } = options
  const {
    factsEveryMonths = 1,
    products = defaults.products,
    companies = defaults.companies,
    investors = defaults.investors,
  } = options
  const supply =
    catalogue === undefined
      ? simulatedSupply({ seed, products, companies, first, last, factsEveryMonths }, onProduct)
      : importedSupply(catalogue, seed, first)
  const choice = choiceOf(supply.goods, switches)
  const loadings = loadingsOf(seed)
  const likingFor = ({ taste, nature, profile }: Pick<Person, 'taste' | 'nature' | 'profile'>, day: number) =>
    likingOf(taste, loadings, switches, nature, profile, day)

  const diary = openDiary(sink)
  const joinDays = Int32Array.from({ length: investors }, (_, index) => joinDayOf(seed, index, first, last))
  const people: (Person | null)[] = Array.from({ length: investors }, () => null)
  const wakeDays = new Int32Array(investors).fill(0x7fff_ffff)
  const admit = (day: number): void =>
    joinDays.forEach((joinDay, index) => {
      if (joinDay > day || people[index] !== null) return
      const person = personOf(seed, index, joinDay, first, supply.companyFame, likingFor)
      people[index] = person
      wakeDays[index] = Math.max(joinDay + 1, first)
      diary.profile({ knownAt: person.knownAt, value: person.profile })
    })

  const launches = new Map<string, number>()
  let shelf: Shelf | null = null
  const fillShelf = (day: number): void => {
    const sinceLaunch = (ordinal: number): number | null => {
      const from = launches.get(at(supply.ids, ordinal))
      return from === undefined ? null : day - from
    }
    shelf = shelfOn(supply, switches, trendsOn(supply, day), sinceLaunch)
  }
  let purchasesAboveLevel = 0
  const market: Market = {
    supply,
    choice,
    policy,
    switches,
    diary,
    shelf: () => {
      if (shelf === null) throw new Error('simulation: a visit before the shelf was filled; this is a bug')
      return shelf
    },
    likingFor: (person) => likingFor(person, Math.floor(person.knownAt / 86_400_000)),
    remember: (person, event) => {
      if (policy !== popularSlates) person.past.push(event)
    },
    tally: ({ bounds }, { rating }) => {
      if (rating !== null && levelNumber(rating.level) > bounds.level) purchasesAboveLevel += 1
    },
  }
  return {
    supply,
    market,
    choice,
    diary,
    people,
    wakeDays,
    admit,
    fillShelf,
    launched: (changes, day) => {
      for (const { id, status } of changes) if (status === 'subscribing') launches.set(id, day)
    },
    tallied: () => ({ purchasesAboveLevel }),
  }
}
