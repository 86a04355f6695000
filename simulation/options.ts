import { type Catalogue } from '../features/schema/catalogue.js'
import { type LocalDate } from '../features/schema/time.js'
import { type SlatePolicy } from './policy.js'

/**
 * What behaviour depends on. With all four off a purchase is uniform over what is on sale and suits the investor (or,
 * of his own accord, over what does not), and there is nothing that a model could learn of it.
 */
export type Switches = {
  /** Latent taste for kinds, companies and themes, and its habits: topping up, recurring plans. */
  readonly taste: boolean
  /** What the profile says of taste: age, means, tolerance, horizon, knowledge. */
  readonly profileEffects: boolean
  /** Returns of the last three months draw buyers. */
  readonly trends: boolean
  /** Some companies and products are far better known than others, and new ones are advertised. */
  readonly salience: boolean
}

export const allOn: Switches = { taste: true, profileEffects: true, trends: true, salience: true }
export const allOff: Switches = { taste: false, profileEffects: false, trends: false, salience: false }

export type SimulationOptions = {
  readonly seed: number
  readonly products?: number
  readonly companies?: number
  readonly investors?: number
  readonly days?: number
  /** Last day simulated; nothing is known later than its 14:30Z. */
  readonly endDay: LocalDate
  /** NAV facts and ratings are told at the end of every so many months, and on the last day: 1 (default) to 12. */
  readonly factsEveryMonths?: number
  readonly switches?: Switches
  /** Investors and behaviour over these products, whose facts stay as they are; no product is then handed over. */
  readonly catalogue?: Catalogue
  /** Who fills the slates that investors see; by default what is best known among the suitable. */
  readonly policy?: SlatePolicy
}

export type SimulationProgress = {
  readonly stage: 'products' | 'behaviour'
  readonly done: number
  readonly of: number
}

export type SimulationReport = {
  readonly products: number
  readonly investors: number
  readonly profileRevisions: number
  readonly productRevisions: number
  readonly events: number
  readonly byType: Readonly<Record<string, number>>
  /** Of the purchases, those of a product above the buyer's level at that time. */
  readonly purchasesAboveLevel: number
}
