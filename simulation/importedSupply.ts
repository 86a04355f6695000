import { type Catalogue } from '../features/schema/catalogue.js'
import { dayNumber } from '../features/schema/time.js'
import { at } from './at.js'
import { appealOf, type Supply } from './goods.js'
import { isTradingDay } from './tradingDays.js'

/** A year's quarter of the latest return over twelve months stands for the one over three where that is missing. */
const recentBps = ({ facts }: Catalogue['products'][number]): number | null =>
  facts?.return3mBps ?? (facts?.return12mBps == null ? null : facts.return12mBps / 4)

/**
 * The products of a catalogue, as they stand in it: status, rating and facts do not change over the days, a holding
 * neither rises nor falls, and nothing is handed to the sink. A product is on sale from its inception on. What of them
 * is invented is their fame and their latent appeal, by company; a catalogue tells of no themes.
 */
export function importedSupply(catalogue: Catalogue, seed: number, first: number): Supply {
  const { products } = catalogue
  const companies = new Map<string, number>()
  for (const { companyId } of products) if (!companies.has(companyId)) companies.set(companyId, companies.size)
  const appeal = appealOf(seed, companies.size, 1)
  const begins = products.map(({ inceptionDate }) => (inceptionDate === null ? first : dayNumber(inceptionDate)))
  let today = first
  return {
    companyFame: appeal.companyFame,
    ids: products.map(({ id }) => id),
    goods: products.map((product, ordinal) => appeal.good(product, ordinal, companies.get(product.companyId) ?? 0, 0)),
    current: (ordinal) => (at(begins, ordinal) <= today ? at(products, ordinal) : null),
    morning: (day) => {
      today = day
      return []
    },
    evening: () => [],
    navOn: (ordinal) => (at(products, ordinal).facts?.navMicros ?? 1_000_000) / 1_000_000 || 1,
    navsBetween: () => [],
    recentReturn: (ordinal) => {
      const bps = recentBps(at(products, ordinal))
      return bps === null ? null : bps / 10_000
    },
    isTradingDay,
  }
}
