import { exp, sigmoid } from '../features/definitions/math.js'
import { foldEvents } from '../features/definitions/behaviour.js'
import { type DecisionId } from '../features/schema/ids.js'
import { type Instant } from '../features/schema/time.js'
import { at } from './at.js'
import { chance, pick, poisson, weighted, whole } from './draws.js'
import { visitAt, visitMinutes } from './instants.js'
import { type Market } from './market.js'
import { boundsOf, type Person, suits } from './person.js'
import { type Shown } from './policy.js'
import { buy, isBuyable } from './purchase.js'
import { isAssessed, mayBuy } from './questionnaires.js'

/** Share of visits that show a slate, and its places. */
const slateShare = 0.33
export const slateSize = 5
/** Chance that an eye reaches rank 1, 2, …: position bias. Whatever is reached is judged for itself. */
export const examined = [0.95, 0.62, 0.45, 0.35, 0.28] as const
/** Of what is looked at and neither pleases nor displeases, so much is opened: sigmoid(−2.2) = 10 %. */
export const openness = -2.2
const viewsOfOwnAccord = 1
const remembered = 4
/** Whoever has bought nothing yet came to buy: chance a visit. Many buy once, and never again. */
const firstPurchase = 0.5
/** Of those who buy: how many take something seen, and (a habit) something held already. */
const buysSeen = 0.6
const topsUp = 0.12

/** A visit under way: the clock, what was viewed, and from which decision. */
type Visit = { now: Instant; readonly viewed: number[]; readonly decisionOf: Map<number, DecisionId> }

/** Seconds pass between two acts. */
const later = (visit: Visit, person: Person): Instant => (visit.now += 1_000 * whole(person.random, 5, 60))

function view(visit: Visit, person: Person, ordinal: number, market: Market): void {
  const id = at(market.supply.ids, ordinal)
  const occurredAt = later(visit, person)
  market.diary.add({ type: 'view', investorId: person.id, productId: id, occurredAt })
  market.remember(person, { type: 'view', productId: id, occurredAt })
  visit.viewed.push(ordinal)
}

function showSlate(visit: Visit, person: Person, market: Market): void {
  const { shelf, policy, diary, supply, choice } = market
  const suitable = shelf().buckets.filter((bucket) => suits(bucket, person.bounds))
  const occurredAt = later(visit, person)
  const shown = policy({
    investor: person.profile,
    knownAt: person.knownAt,
    at: occurredAt,
    size: slateSize,
    suitable,
    product: supply.current,
    behaviour: () => foldEvents(person.past),
    random: person.random,
  })
  if (shown.length === 0) return
  const decisionId = diary.nextDecision()
  shown.forEach((place, i) => {
    expose(place, i + 1, occurredAt, decisionId, person, market)
    visit.decisionOf.set(place.product, decisionId)
  })
  shown.forEach(({ product }, i) => {
    const reached = chance(person.random, examined[i] ?? 0.2)
    if (reached && chance(person.random, sigmoid(openness + choice.pleasure(person, product, shelf()))))
      view(visit, person, product, market)
  })
}

function expose(
  { product, propensityMillionths }: Shown,
  rank: number,
  occurredAt: Instant,
  decisionId: DecisionId,
  { id }: Person,
  { diary, supply }: Market,
): void {
  const productId = at(supply.ids, product)
  const propensity = propensityMillionths / 1_000_000
  diary.add({ type: 'exposure', investorId: id, productId, occurredAt, decisionId, rank, propensity })
}

/** Something held already (a habit), or the most pleasing of what was seen, or something new. */
function wanted(visit: Visit, person: Person, market: Market): number | null {
  const { choice, shelf, switches } = market
  const held = switches.taste ? person.holdings.positions() : []
  if (held.length > 0 && chance(person.random, topsUp)) return pick(person.random, held).product
  const seen = switches.taste ? [...new Set([...person.lately, ...visit.viewed])] : visit.viewed
  const buyable = seen.filter((ordinal) => isBuyable(person, ordinal, market))
  if (buyable.length > 0 && chance(person.random, buysSeen)) {
    const weights = buyable.map((ordinal) => exp(choice.pleasure(person, ordinal, shelf())))
    return at(buyable, weighted(person.random, weights))
  }
  return choice.choose(person, shelf(), chance(person.random, person.daring))
}

function purchase(visit: Visit, person: Person, market: Market): void {
  if (!mayBuy(person, later(visit, person), market.likingFor, market.diary)) return
  // A questionnaire answered just now is known after a minute.
  visit.now = Math.max(visit.now, person.knownAt + 1_000)
  const ordinal = wanted(visit, person, market)
  if (ordinal === null || !isBuyable(person, ordinal, market)) return
  if (!visit.viewed.includes(ordinal)) view(visit, person, ordinal, market)
  visit.now += 60_000
  buy(person, ordinal, later(visit, person), visit.decisionOf.get(ordinal) ?? null, market)
}

/** One visit of an investor: perhaps a slate, some views, perhaps a purchase; half an hour at most. */
export function pay(person: Person, day: number, market: Market): void {
  const { random } = person
  person.bounds = boundsOf(person.profile, person.nature, day)
  const now = visitAt(day, whole(random, 0, visitMinutes - 1), whole(random, 0, 59))
  const visit: Visit = { now, viewed: [], decisionOf: new Map() }
  if (person.profile.consents.profiling && isAssessed(person, day) && chance(random, slateShare))
    showSlate(visit, person, market)
  for (let left = Math.min(4, poisson(random, viewsOfOwnAccord)); left > 0; left--) {
    const ordinal = market.choice.choose(person, market.shelf(), chance(random, person.daring))
    if (ordinal !== null) view(visit, person, ordinal, market)
  }
  const resolve = person.hasBought ? person.decisiveness : Math.max(firstPurchase, person.decisiveness)
  if (chance(random, resolve)) purchase(visit, person, market)
  if (visit.viewed.length > 0) person.lately = [...person.lately, ...visit.viewed].slice(-remembered)
}
