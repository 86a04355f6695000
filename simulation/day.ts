import { type Product } from '../features/schema/product.js'
import { type Instant } from '../features/schema/time.js'
import { microsOf, unitsUpTo } from './holdings.js'
import { morningOf, visitAt } from './instants.js'
import { type Person } from './person.js'
import { nextVisitOf } from './population.js'
import { keepPlans } from './purchase.js'
import { isAssessed, renewInTime } from './questionnaires.js'
import { type Redeemed, redeemedOf, reviewed } from './redemption.js'
import { type Simulation } from './simulation.js'
import { pay } from './visit.js'

/** A holder looks at what he holds once a week, each on a day of his own. */
const reviewDays = 7
/** A third of a day's minutes: plans come early, reviews anywhere, renewals in between. */
const planMinute = 10

function redeem(
  simulation: Simulation,
  person: Person,
  { product, units, minor }: Redeemed,
  occurredAt: Instant,
): void {
  const { supply, diary } = simulation
  const known = supply.current(product)
  const productId = supply.ids[product]
  if (known === null || productId === undefined) return
  person.holdings.redeem(product, units)
  const amount = { minor, currency: known.currency }
  const unitsMicros = microsOf(units)
  diary.add({ type: 'redemption', investorId: person.id, productId, occurredAt, amount, unitsMicros })
}

function review(simulation: Simulation, person: Person, day: number): void {
  const { supply } = simulation
  for (const position of [...person.holdings.positions()]) {
    const known = supply.current(position.product)
    if (known === null) continue
    const redeemed = reviewed(person, position, known, day, supply.navOn(position.product, day))
    if (redeemed !== null)
      redeem(simulation, person, redeemed, visitAt(day, 60 + Math.floor(person.random.uniform() * 600), 0))
  }
}

/** A product that ends is paid out to whoever holds it, without a fee. */
export function payOut(simulation: Simulation, changes: readonly Product[], day: number): void {
  const { supply, people } = simulation
  const ended = changes.filter(({ status }) => status === 'terminated').map(({ id }) => supply.ids.indexOf(id))
  if (ended.length === 0) return
  for (const person of people) {
    if (person === null) continue
    for (const product of ended) {
      const position = person.holdings.of(product)
      if (position === undefined) continue
      const redeemed = redeemedOf(product, unitsUpTo(position, day), supply.navOn(product, day))
      if (redeemed !== null) redeem(simulation, person, redeemed, morningOf(day) + 600_000)
    }
  }
}

/** Next day on which anything may happen to him: a visit, a renewal, a plan's payment, a look at what he holds. */
function wakeDayOf({ index, nextVisit, renewal, plans, holdings }: Person, day: number): number {
  let next = Math.min(nextVisit, renewal ?? nextVisit)
  for (const { nextDay } of plans) next = Math.min(next, Math.max(nextDay, day + 1))
  return holdings.positions().length === 0 ? next : Math.min(next, day + reviewDays - ((day + index) % reviewDays))
}

/** All that investors do on a day. Each draws from his own stream, so nobody's day depends on who else is there. */
export function liveDay(simulation: Simulation, day: number): void {
  const { market, people, diary, wakeDays } = simulation
  for (let index = 0; index < wakeDays.length; index++) {
    if ((wakeDays[index] ?? 0) > day) continue
    const person = people[index] ?? null
    if (person === null) continue
    keepPlans(person, day, visitAt(day, planMinute, index % 60), isAssessed(person, day), market)
    if ((day + index) % reviewDays === 0) review(simulation, person, day)
    renewInTime(person, visitAt(day, 0, index % 60), market.likingFor, diary)
    if (person.nextVisit <= day) {
      pay(person, day, market)
      person.nextVisit = nextVisitOf(person, day)
    }
    wakeDays[index] = wakeDayOf(person, day)
  }
}
