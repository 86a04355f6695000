import { type Market } from '../simulation/market.js'

export type Watched = {
  readonly market: Market
  /** To be told of every slate, as it is shown. */
  readonly show: (decision: number, products: readonly number[]) => void
  readonly wasOpened: (decision: number, ordinal: number) => boolean
}

/**
 * A market that notes which views are of a slate: no event tells, and of what is best known many a view comes of his own
 * accord within the same visit. A visit judges the places of its slate first, by rank, each before it is viewed; what it
 * judges or chooses otherwise ends the slate.
 */
export function watchSlates(market: Market): Watched {
  const opened = new Set<string>()
  const ids = new Map(market.supply.ids.map((id, ordinal) => [id, ordinal]))
  let [decision, left, judged]: [number, readonly number[], number] = [-1, [], -1]
  const end = (): void => void ([left, judged] = [[], -1])
  const choice: Market['choice'] = {
    ...market.choice,
    choose: (person, shelf, daring) => {
      end()
      return market.choice.choose(person, shelf, daring)
    },
    pleasure: (person, ordinal, shelf) => {
      const rank = left.indexOf(ordinal)
      if (rank < 0) end()
      else [left, judged] = [left.slice(rank + 1), ordinal]
      return market.choice.pleasure(person, ordinal, shelf)
    },
  }
  const remember: Market['remember'] = (person, event) => {
    if (event.type === 'view' && judged >= 0 && ids.get(event.productId ?? ('' as never)) === judged)
      opened.add(`${decision} ${judged}`)
    market.remember(person, event)
  }
  return {
    market: { ...market, choice, remember },
    show: (number, products) => void ([decision, left, judged] = [number, products, -1]),
    wasOpened: (number, ordinal) => opened.has(`${number} ${ordinal}`),
  }
}
