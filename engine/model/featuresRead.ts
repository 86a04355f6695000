import { z } from 'zod'
import { type Artifact } from './artifact.js'
import { jsonText } from './jsonText.js'

const ids = jsonText.pipe(z.array(z.string())).optional()
const Read = z.object({
  investorFeatures: ids,
  pairFeatures: ids,
  components: jsonText.pipe(z.array(z.record(z.string(), z.string()))).optional(),
})

/** Ids of the features of an investor, and of him and a product, that an artifact's model reads; none where it reads his past alone. */
export function featuresRead({ metadata }: Pick<Artifact, 'metadata'>): readonly string[] {
  const { investorFeatures = [], pairFeatures = [], components = [] } = Read.safeParse(metadata).data ?? {}
  const ofComponents = components.flatMap((component) => featuresRead({ metadata: component }))
  return [...new Set([...investorFeatures, ...pairFeatures, ...ofComponents])]
}
