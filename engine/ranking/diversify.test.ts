import fc from 'fast-check'
import { randomProduct, seeded } from '../../tests/randomMarket.js'
import { defaultDiversity, diversify } from './diversify.js'

const random = seeded(5)
const candidates = Array.from({ length: 200 }, (_, index) => ({ product: randomProduct(random, index, 0) }))

test('a slate holds no more of a company and of a kind than the caps, loses nobody, and keeps the order within', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.shuffledSubarray(candidates, { minLength: 100 }), (size, some) => {
      const ordered = diversify(some, size, defaultDiversity)
      expect(new Set(ordered)).toEqual(new Set(some))
      const slate = ordered.slice(0, size)
      const count = (key: (of: (typeof some)[number]) => string): number =>
        Math.max(...slate.map((one) => slate.filter((other) => key(other) === key(one)).length))
      expect(count(({ product }) => product.companyId)).toBeLessThanOrEqual(Math.max(1, Math.floor(size / 4)))
      expect(count(({ product }) => product.kind)).toBeLessThanOrEqual(Math.max(2, Math.floor(size / 2)))
    }),
    { numRuns: 100 },
  )
})
