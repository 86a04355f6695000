import { z } from 'zod'
import { type Catalogue } from '../../../features/schema/catalogue.js'
import { Product } from '../../../features/schema/product.js'
import { type Service, Unavailable } from '../../service.js'
import { answer } from '../answer.js'
import { invalid, notInRange, otherId } from '../invalid.js'
import { type Handlers } from '../route.js'

export function productRoutes(service: Service): Handlers<'putProduct' | 'listProducts'> {
  return {
    putProduct: async ({ language, path: { id }, body }) => {
      if (body.id !== undefined && body.id !== id) return otherId(language)
      const faults = service.ranges.faults('product', { ...body, id })
      if (faults.length > 0)
        return notInRange(
          faults.map((fault) => ({ at: [], fault })),
          language,
        )
      const { revision } = await service.putProduct({ ...body, id })
      return answer(200, { productId: id, catalogueRevision: revision })
    },
    listProducts: ({ language, query: { limit, after } }) => {
      const catalogue = service.catalogue()
      if (catalogue === null) throw new Unavailable('no-catalogue', 'no catalogue is loaded')
      const from = after === undefined ? 0 : placeAfter(catalogue, after)
      return from === null
        ? invalid([{ in: 'query', pointer: '/after', message: 'no product has this id' }], language)
        : answer(200, pageOf(catalogue, from, limit))
    },
  }
}

const placeAfter = (catalogue: Catalogue, after: Product['id']): number | null => {
  const ordinal = catalogue.ordinalOf.get(after)
  return ordinal === undefined ? null : ordinal + 1
}

/** Products never leave a catalogue and are appended at its end, so pages stay together from revision to revision. */
function pageOf(catalogue: Catalogue, from: number, limit: number) {
  const page = catalogue.products.slice(from, from + limit)
  const more = from + limit < catalogue.products.length
  return {
    catalogueRevision: catalogue.revision,
    items: page.map((product) => z.encode(Product, product)),
    next: more ? (page.at(-1)?.id ?? null) : null,
  }
}
