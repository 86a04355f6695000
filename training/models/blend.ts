import { type Artifact, type Tensor } from '../../engine/model/artifact.js'
import { type Ranker } from '../../engine/ranking/ranker.js'
import { featureById } from '../../features/definitions/catalogue.js'
import { featureDigest } from '../../features/definitions/featureDigest.js'

/** Features by id, and by what each is standardised: (value − mean) / scale. */
export type Standardised = {
  readonly ids: readonly string[]
  readonly means: Float32Array
  readonly scales: Float32Array
}

export type Blend = {
  /** Models of the same products, in the same order. */
  readonly components: readonly Artifact[]
  /** [components] weights of their scores where candidates are nominated; 0 leaves one's vectors out. */
  readonly retrieval: readonly number[]
  readonly ranker: Ranker
  /** [n] each. */
  readonly columns: Readonly<Record<string, Float32Array>>
  readonly groups: Readonly<Record<string, Int32Array>>
  readonly investor: Standardised
  readonly pair: Standardised
  readonly viewWeight: number
}

export const nothingRead: Standardised = { ids: [], means: new Float32Array(0), scales: new Float32Array(0) }

const row = (data: Tensor['data']): Tensor => ({ shape: [data.length], data })

/** The artifact that engine/model/blend.ts reads. Throws an Error where the components are not of the same products. */
export function blendArtifact(blend: Blend): Artifact {
  const { components, ranker, investor, pair } = blend
  const productIds = components[0]?.metadata['productIds'] ?? ''
  if (components.some(({ metadata }) => metadata['productIds'] !== productIds))
    throw new Error('blend: its components are not of the same products')
  const read = [...investor.ids, ...pair.ids].flatMap((id) => featureById(id) ?? [])
  const tensors: Record<string, Tensor> = {
    popularity: components[0]?.tensors['popularity'] ?? row(new Float32Array(0)),
    retrieval: row(Float32Array.from(blend.retrieval)),
    'ranker.weights': { shape: [ranker.heads.length, ranker.terms.length], data: ranker.weights },
    'ranker.investorMeans': row(investor.means),
    'ranker.investorScales': row(investor.scales),
    'ranker.pairMeans': row(pair.means),
    'ranker.pairScales': row(pair.scales),
  }
  for (const [name, data] of Object.entries(blend.columns)) tensors[`ranker.columns.${name}`] = row(data)
  for (const [name, data] of Object.entries(blend.groups)) tensors[`ranker.groups.${name}`] = row(data)
  components.forEach((component, at) => {
    for (const [name, tensor] of Object.entries(component.tensors)) tensors[`c${at}.${name}`] = tensor
  })
  return {
    metadata: {
      format: 'aptus-model/1',
      kind: 'blend',
      productIds,
      viewWeight: String(blend.viewWeight),
      components: JSON.stringify(components.map(({ metadata: { productIds: _, format: __, ...own } }) => own)),
      terms: JSON.stringify(ranker.terms),
      heads: JSON.stringify(ranker.heads),
      investorFeatures: JSON.stringify(investor.ids),
      pairFeatures: JSON.stringify(pair.ids),
      featureDigest: featureDigest(read),
    },
    tensors,
  }
}
