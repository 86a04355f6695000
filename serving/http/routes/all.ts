import { type Service } from '../../service.js'
import { type Metrics } from '../appMetrics.js'
import { type RouteName } from '../contract/contract.js'
import { type Idempotency } from '../idempotency.js'
import { type Handlers } from '../route.js'
import { assessmentRoutes } from './assessments.js'
import { backtestRoutes } from './backtests.js'
import { classRoutes } from './classes.js'
import { decisionRoutes } from './decisions.js'
import { entryRoutes } from './entries.js'
import { eventRoutes } from './events.js'
import { featureRoutes } from './features.js'
import { investorRoutes } from './investors.js'
import { ledgerRoutes } from './ledger.js'
import { modelRoutes } from './models.js'
import { operationRoutes } from './operations.js'
import { productRoutes } from './products.js'
import { purchaseCheckRoutes } from './purchaseChecks.js'
import { recommendationRoutes } from './recommendations.js'
import { rematchRoutes } from './rematch.js'
import { ruleRoutes } from './rules.js'

/** A handler for every route of the contract: one that is missing does not compile. */
export const handlersOf = (service: Service, idempotency: Idempotency, metrics: Metrics): Handlers<RouteName> => ({
  ...recommendationRoutes(service, metrics),
  ...purchaseCheckRoutes(service, metrics),
  ...investorRoutes(service, idempotency),
  ...assessmentRoutes(service),
  ...classRoutes(service),
  ...rematchRoutes(service),
  ...eventRoutes(service),
  ...productRoutes(service),
  ...entryRoutes(service),
  ...decisionRoutes(service),
  ...ledgerRoutes(service),
  ...ruleRoutes(service),
  ...backtestRoutes(service),
  ...featureRoutes(service),
  ...modelRoutes(service),
  ...operationRoutes(service, metrics),
})
