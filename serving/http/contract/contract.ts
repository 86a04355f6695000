import { assessments } from './assessments.js'
import { backtests } from './backtests.js'
import { catalogue } from './catalogue.js'
import { decisions } from './decisions.js'
import { entries } from './entries.js'
import { features } from './features.js'
import { investors } from './investors.js'
import { ledger } from './ledger.js'
import { models } from './models.js'
import { operations } from './operations.js'
import { purchaseChecks } from './purchaseChecks.js'
import { recommendations } from './recommendations.js'
import { rules } from './rules.js'
import { type Route } from './route.js'

export type { Reply, Route } from './route.js'

/** Every route: what is checked, documented and served, by area. A handler for each stands in ../routes/. */
export const contract = {
  ...recommendations,
  ...purchaseChecks,
  ...investors,
  ...assessments,
  ...catalogue,
  // Before the decisions: `sample` is no decision's id.
  ...entries,
  ...decisions,
  ...ledger,
  ...rules,
  ...backtests,
  ...features,
  ...models,
  ...operations,
} as const satisfies Record<string, Route>

export type Contract = typeof contract
export type RouteName = keyof Contract
