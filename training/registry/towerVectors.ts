import { type Artifact } from '../../engine/model/artifact.js'
import { historyBag, investorFeaturesNamed, standardisedInput } from '../../engine/model/investorInput.js'
import { type ProductId } from '../../features/schema/ids.js'
import { type InvestorSnapshot } from '../../features/schema/records.js'
import { type Instant } from '../../features/schema/time.js'
import { investorVectors, type Weights } from '../models/twoTower/network.js'
import { openTensorFlow } from '../tensorflow/backend.js'

const towerWeights = ['profile', 'history', 'hiddenBias', 'out', 'skip', 'outBias'] as const

/** Investors' vectors by the investor tower as it was trained: the network of training/models/twoTower on TensorFlow. */
export async function towerVectors(
  artifact: Artifact,
  investors: readonly InvestorSnapshot[],
  at: Instant,
): Promise<readonly Float32Array[]> {
  if (investors.length === 0) return []
  const { tf } = await openTensorFlow()
  const [inputs, bags] = [inputsOf(artifact, investors, at), bagsOf(artifact, investors, at)]
  const rows = (values: readonly ArrayLike<number>[]) => values.map((each) => Array.from(each))
  const flat = tf.tidy(() => {
    const weights = Object.fromEntries(
      towerWeights.map((name) => {
        const { data, shape } = artifact.tensors[`tower.${name}`] ?? { data: new Float32Array(), shape: [0] }
        return [name, tf.tensor(data, [...shape])]
      }),
    ) as unknown as Weights
    const profiles = inputs[0]?.length === 0 ? null : tf.tensor2d(rows(inputs))
    return Float32Array.from(investorVectors(tf, weights, profiles, tf.tensor2d(rows(bags))).dataSync())
  })
  const width = flat.length / investors.length
  return investors.map((_, place) => flat.subarray(place * width, (place + 1) * width))
}

/** What both sides are given: features and bags are one function for training and serving. */
function inputsOf(
  { metadata, tensors }: Artifact,
  investors: readonly InvestorSnapshot[],
  at: Instant,
): Float32Array[] {
  const raw = investorFeaturesNamed(JSON.parse(metadata['investorFeatures'] ?? '[]') as string[])
  const means = tensors['investorMeans']?.data ?? []
  const scales = tensors['investorScales']?.data ?? []
  return investors.map((investor) => standardisedInput(raw(investor, at), means, scales))
}

/** [h] each: the weighted mean of the embeddings of a past. */
function bagsOf(artifact: Artifact, investors: readonly InvestorSnapshot[], at: Instant): Float64Array[] {
  const { metadata, tensors } = artifact
  const ids = JSON.parse(metadata['productIds'] ?? '[]') as ProductId[]
  const rowOf = new Map(ids.map((id, row) => [id, row]))
  const { data, shape } = tensors['bag'] ?? { data: new Float32Array(), shape: [0, 0] }
  const width = shape[1] ?? 0
  const [viewWeight, recencyDays, mostPurchased, mostViewed] = [
    ...['viewWeight', 'recencyDays', 'mostPurchased', 'mostViewed'].map((name) => Number(metadata[name])),
  ] as [number, number, number, number]
  return investors.map(({ behaviour }) => {
    const past = historyBag(behaviour, at, rowOf, { viewWeight, recencyDays, mostPurchased, mostViewed })
    const total = past.reduce((sum, { weight }) => sum + weight, 0)
    const column = (i: number): number =>
      past.reduce((sum, { row, weight }) => sum + (weight / total) * (data[row * width + i] ?? Number.NaN), 0)
    return Float64Array.from({ length: width }, (_, i) => column(i))
  })
}
