import { IalsConfig, SpectralConfig } from '../models/config.js'
import { fitIals } from '../models/ials.js'
import { fitPopularity } from '../models/popularity.js'
import { fitSpectral } from '../models/spectral.js'
import { interactionsOf, itemsOf } from '../interactions.js'
import { randomFor } from '../random.js'
import { scorerOf } from './scorer.js'

const { uniform } = randomFor(3, 'tops')
const [users, items] = [300, 60]
/** The first user has no past. */
const rows = interactionsOf(
  Array.from({ length: items }, (_, item) => `i${item}`),
  Array.from(
    { length: users },
    (_, user) => new Map(Array.from({ length: user === 0 ? 0 : 5 }, () => [Math.floor(items * uniform() ** 2), 1])),
  ),
)
const spectral = (everywhere: boolean) =>
  fitSpectral(
    rows,
    SpectralConfig.parse({ kind: 'spectral', dimension: 9, everywhere, idealWeight: 0.2, iterations: 8 }),
    1,
  )

test.each([
  ['popularity', () => fitPopularity(rows, {})],
  ['vectors', () => fitIals(rows, IalsConfig.parse({ kind: 'ials', dimension: 8, iterations: 2 }), 1)],
  ['a graph', () => spectral(false)],
  ['a graph and factors for all pairs', () => spectral(true)],
])('the best of %s are those of the scores, and nothing that was taken', (_name, fit) => {
  const scorer = scorerOf(fit(), rows)
  const asked = Array.from({ length: users + 1 }, (_, at) => ({ row: users - 1 - at }))
  const found = [...scorer.tops(asked, 7)]
  expect(found.map(({ user }) => user)).toEqual(asked)
  for (const { user, items: best } of found) {
    const taken = user.row < 0 ? [] : [...itemsOf(rows, user.row)]
    const others = [...rows.itemIds.keys()].filter((item) => !taken.includes(item))
    const scores = (of: readonly number[]): number[] => of.map((item) => scorer.score(user.row, item))
    const falling = scores(others).sort((a, b) => b - a)
    expect([new Set(best).size, best.filter((item) => taken.includes(item))]).toEqual([7, []])
    scores(best).forEach((score, at) => expect(score).toBeCloseTo(falling[at]!, 9))
  }
})
