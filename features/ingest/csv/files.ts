import { Event } from '../../schema/event.js'
import { outOfRange } from '../../quality/outOfRange.js'
import { Investor } from '../../schema/investor.js'
import { Product } from '../../schema/product.js'
import { type Instant } from '../../schema/time.js'
import { type CsvFile } from './readCsvFile.js'
import { eventColumns } from './eventColumns.js'
import { type Input } from './input.js'
import { investorColumns } from './investorColumns.js'
import { productColumns } from './productColumns.js'

/** Known from the assessment on, else from `importedAt`. */
export const investorsFile = (importedAt: Instant): CsvFile<Investor> => ({
  file: 'investors.csv',
  columns: investorColumns,
  schema: Investor,
  complete: (input) => ({ riskAssessment: null, ...input }),
  knownAtOf: ({ riskAssessment }) => riskAssessment?.assessedAt ?? importedAt,
  happenedAt: ({ riskAssessment }) => riskAssessment?.assessedAt ?? null,
  outOfRange: (investor, knownAt) => outOfRange('investor', investor, knownAt),
  keyOf: ({ id }, knownAt) => `${id} ${knownAt}`,
  idColumn: 'id',
})

const isInput = (value: unknown): value is Input => typeof value === 'object' && value !== null

/** An amount is in the product's currency; a level stands for itself: declared, and rated when the status was told. */
function completeProduct(input: Input): Input {
  const { rating, minPurchase, maxDailyPurchase, currency, statusAt, ...others } = input
  return {
    ...others,
    currency,
    statusAt,
    rating: isInput(rating) ? { basis: 'declared', ratedAt: statusAt, ...rating } : null,
    ...(isInput(minPurchase) ? { minPurchase: { ...minPurchase, currency } } : {}),
    ...(isInput(maxDailyPurchase) ? { maxDailyPurchase: { ...maxDailyPurchase, currency } } : {}),
  }
}

/** Known from `status_at` on. */
export const productsFile: CsvFile<Product> = {
  file: 'products.csv',
  columns: productColumns,
  schema: Product,
  complete: completeProduct,
  knownAtOf: ({ statusAt }) => statusAt,
  happenedAt: ({ statusAt }) => statusAt,
  outOfRange: (product, knownAt) => outOfRange('product', product, knownAt),
  keyOf: ({ id }, knownAt) => `${id} ${knownAt}`,
  idColumn: 'id',
}

/** Known from when it happened. */
export const eventsFile: CsvFile<Event> = {
  file: 'events.csv',
  columns: eventColumns,
  schema: Event,
  complete: (input) => input,
  knownAtOf: ({ occurredAt }) => occurredAt,
  happenedAt: ({ occurredAt }) => occurredAt,
  outOfRange: (event, knownAt) => outOfRange('event', event, knownAt),
  keyOf: ({ eventId }) => eventId,
  idColumn: 'event_id',
}
