import { type Catalogue } from '../features/schema/catalogue.js'
import { type Digest } from '../features/schema/ids.js'
import { dayOfInstant } from '../features/definitions/calendar.js'
import { dayNumber } from '../features/schema/time.js'
import { recordMarket, small } from './testMarket.js'

test('over a catalogue, investors behave and products stay as they are', async () => {
  const { revisions } = await recordMarket({ ...small, products: 200, investors: 0 })
  const newest = new Map(revisions.flatMap(({ changes }) => changes).map((product) => [product.id, product]))
  const products = [...newest.values()]
  const catalogue: Catalogue = {
    revision: 1,
    knownBefore: null,
    digest: `sha256:${'0'.repeat(64)}` as Digest,
    products,
    ordinalOf: new Map(products.map(({ id }, ordinal) => [id, ordinal])),
  }
  const over = await recordMarket({ ...small, catalogue })
  expect(over.revisions).toEqual([])
  const purchases = over.events.flatMap(({ value }) => (value.type === 'purchase' ? [value] : []))
  expect(purchases.length).toBeGreaterThan(200)
  for (const { productId, occurredAt } of purchases) {
    const product = newest.get(productId)
    expect(['open', 'subscribing', 'purchase-limited']).toContain(product?.status)
    expect(dayOfInstant(occurredAt)).toBeGreaterThanOrEqual(dayNumber(product?.inceptionDate ?? '9999-01-01'))
  }
})
