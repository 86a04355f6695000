import { encodeArtifact } from '../../engine/model/artifact.js'
import { type Pack } from '../../engine/suitability/pack.js'
import { type Instant } from '../../features/schema/time.js'
import { type Interactions as Recorded } from '../../features/history/port.js'
import { type Fit, releaseInMemory } from '../holdout.js'
import { type ModelConfig } from '../models/config.js'
import { columnsOf } from './columns.js'
import { type Market } from './market.js'
import { type ModelEvaluation } from './report.js'
import { type Circumstances, type Judged, slatesOf } from './slates.js'
import { type Contender, type Scored } from './summary.js'

/** The model that serves now. */
export type Incumbent = {
  readonly runId: string
  readonly config: ModelConfig
  /** It learnt from nothing that was known only from here on. */
  readonly asOf: Instant
  readonly model: Uint8Array
}

type Named = Pick<ModelEvaluation, 'name' | 'kind' | 'runId' | 'as'>
export type Found = Named & Contender & { readonly model: Uint8Array }

type Scores = Pick<Found, 'model' | 'on' | 'off'>
const scoresOf = ({ model, on, off }: Scores): Scores => ({ model, on, off })

export type Contest = {
  readonly config: ModelConfig
  readonly fit: Fit
  readonly packs: { readonly on: Pack; readonly off: Pack }
  /** What was known before the cut. */
  readonly recorded: Recorded
  readonly incumbent?: Incumbent | null
}

/** The candidate, popularity and, where there is one, the incumbent, each with its slates and their columns. */
export async function contenders(
  { config, fit, packs, recorded, incumbent = null }: Contest,
  judged: readonly Judged[],
  circumstances: Circumstances,
  market: Market,
): Promise<Found[]> {
  const { catalogue, cut, k } = circumstances
  const score = (model: Uint8Array): Scores => {
    const release = releaseInMemory(model, catalogue)
    const under = (pack: Pack): Scored => {
      const slates = slatesOf(release, pack, judged, circumstances)
      return { slates, columns: columnsOf(slates, judged, market, k) }
    }
    return { model, on: under(packs.on), off: under(packs.off) }
  }
  const refit = async (of: ModelConfig): Promise<Scores> =>
    score(encodeArtifact(await fit(of, { catalogue, recorded, asOf: cut })))
  const refitted = { runId: null, as: 'refitted' } as const
  const candidate: Found = { name: 'candidate', kind: config.kind, ...refitted, ...(await refit(config)) }
  const popularity: Found = {
    ...{ name: 'popularity', kind: 'popularity', ...refitted },
    ...(await refit({ kind: 'popularity' })),
  }
  if (incumbent === null) return [candidate, popularity]
  const { runId, config: own, asOf, model } = incumbent
  // One that learnt of the held-out purchases would know the answers: then it is its config that is judged.
  const served = asOf <= cut
  if (!served && own.kind === 'imported') return [candidate, popularity]
  const same = JSON.stringify(own) === JSON.stringify(config)
  const theirs = served ? score(model) : same ? scoresOf(candidate) : await refit(own)
  return [
    candidate,
    popularity,
    { name: 'incumbent', kind: own.kind, runId, as: served ? 'served' : 'refitted', ...theirs },
  ]
}
