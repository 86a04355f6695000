import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { encodeArtifact } from '../engine/model/artifact.js'
import { importCnFunds } from '../features/ingest/cnFunds/importCnFunds.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type Digest } from '../features/schema/ids.js'
import { type Product } from '../features/schema/product.js'
import { fitContent } from '../training/models/content.js'

export const realDataDir = (): string => process.env['APTUS_REAL_DATA'] ?? '../shared/data'

/** The instant of the files: their newest net asset values are known, and none is stale. */
export const asOf = Date.parse('2026-05-08T15:00:00Z')

export const catalogueOf = (products: readonly Product[]): Catalogue => ({
  revision: 1,
  knownBefore: null,
  digest: `sha256:${'0'.repeat(64)}` as Digest,
  products,
  ordinalOf: new Map(products.map((product, ordinal) => [product.id, ordinal])),
})

/** The real Chinese funds, imported in memory. Throws where the data is absent: a benchmark on other data would lie. */
export async function realCatalogue(): Promise<Catalogue> {
  const dir = join(realDataDir(), 'cn-funds')
  if (!existsSync(dir))
    throw new Error('the real funds are not here: set APTUS_REAL_DATA to the folder that holds cn-funds/')
  const products: Product[] = []
  const nothing = (): Promise<void> => Promise.resolve()
  await importCnFunds(
    { dir, strict: false, importedAt: asOf },
    {
      investors: nothing,
      events: nothing,
      products: (changes) => {
        products.push(...changes)
        return Promise.resolve()
      },
    },
  )
  return catalogueOf(products)
}

/** A content model over a catalogue: for funds nobody has bought here yet. */
export const contentModel = (catalogue: Catalogue): Uint8Array =>
  encodeArtifact(
    fitContent(catalogue.products, new Float32Array(catalogue.products.length), asOf, {
      kind: 'content',
      dimension: 32,
      viewWeight: 0.3,
    }),
  )
