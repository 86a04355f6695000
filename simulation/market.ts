import { type BehaviourEvent } from '../features/definitions/behaviour.js'
import { type Product } from '../features/schema/product.js'
import { type Choice } from './choice.js'
import { type Diary } from './diary.js'
import { type Supply } from './goods.js'
import { type Switches } from './options.js'
import { type Person } from './person.js'
import { type SlatePolicy } from './policy.js'
import { type Shelf } from './shelf.js'
import { type Liking } from './taste.js'

/** What a visit needs of the market around it. */
export type Market = {
  readonly supply: Supply
  readonly shelf: () => Shelf
  readonly choice: Choice
  readonly policy: SlatePolicy
  readonly switches: Switches
  readonly diary: Diary
  readonly likingFor: (person: Person) => Liking
  /** Keeps what a policy may ask for. */
  readonly remember: (person: Person, event: BehaviourEvent) => void
  /** Counts a purchase. */
  readonly tally: (person: Person, product: Product) => void
}
