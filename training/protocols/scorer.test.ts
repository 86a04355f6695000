import { interactionsOf } from '../interactions.js'
import { SpectralConfig } from '../models/config.js'
import { fitSpectral } from '../models/spectral.js'
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

test.each([
  ['factors for all pairs', true],
  ['none', false],
])('many at once are shown what each is shown alone; %s', (_name, everywhere) => {
  const config = SpectralConfig.parse({ kind: 'spectral', dimension: 9, everywhere, idealWeight: 0.2, iterations: 8 })
  const scorer = scorerOf(fitSpectral(rows, config, 1), rows)
  const asked = Array.from({ length: users + 1 }, (_, at) => ({ row: users - 1 - at }))
  const together = [...scorer.tops(asked, 7)]
  expect(together).toEqual(asked.map((user) => ({ user, items: scorer.top(user.row, 7) })))
  expect(new Set(together.map(({ items }) => String(items))).size).toBeGreaterThan(100)
})
