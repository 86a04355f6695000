import { type Coded } from '../../../engine/decision.js'

/** A reason without what it says of the person: not what he holds, looked at, wants, or for how long. */
const inBrief: Readonly<Record<string, string>> = {
  SIMILAR_TO_PURCHASED: 'close to one bought before',
  SIMILAR_TO_VIEWED: 'close to one looked at',
  SERVES_OBJECTIVE: 'made for the objective',
  WITHIN_HORIZON: 'within the horizon',
  WITHIN_TOLERANCE: 'within the tolerance',
  PLACE_KEPT: 'on a place that is kept',
  NOT_PERSONALISED: 'opted out: the same for all',
}

/** Any other by its code alone: its params may be the investor's. */
export const reasonInBrief = ({ code }: Coded): string =>
  Object.hasOwn(inBrief, code) ? (inBrief[code] ?? code) : code
