import { type Column, decimal, instant, knownAt, may, must, oneOf, wholeNumber, words } from './column.js'

const id = words('1 to 128 characters of letters, digits, ".", "_", ":" and "-"')

/** events.csv, after the schema `Event`; a type refuses cells of columns that it does not have. */
export const eventColumns: readonly Column[] = [
  must('event_id', 'eventId', id),
  must(
    'type',
    'type',
    oneOf(['view', 'exposure', 'purchase', 'redemption', 'recurring-plan', 'content-read', 'cancellation']),
  ),
  must('investor_id', 'investorId', id),
  may('product_id', 'productId', id),
  must('occurred_at', 'occurredAt', instant),
  may('amount_minor', 'amount.minor', wholeNumber('whole minor units (fen, cents)')),
  may('currency', 'amount.currency', words('a three-letter currency code such as CNY')),
  may('units_micros', 'unitsMicros', wholeNumber('whole millionths of a unit')),
  may('decision_id', 'decisionId', id),
  may('rank', 'rank', wholeNumber('a rank, 1 to 1000')),
  may('propensity', 'propensity', decimal('a probability above 0, at most 1, such as 0.125')),
  may('action', 'action', oneOf(['started', 'stopped'])),
  may('content_id', 'contentId', words('1 to 128 characters')),
  may('cancels', 'cancels', id),
  knownAt,
]
