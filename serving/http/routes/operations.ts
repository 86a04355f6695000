import { type FeatureQuality } from '../../features/quality.js'
import { type Service, Unavailable } from '../../service.js'
import { answer, textAnswer } from '../answer.js'
import { type Metrics } from '../appMetrics.js'
import { docsPage } from '../docs/page.js'
import { openApiDocument } from '../openapi.js'
import { type Handlers } from '../route.js'
import { unavailable } from '../unavailable.js'

type Names = 'health' | 'ready' | 'metrics' | 'openapi' | 'docs'

/** What is known of the features' quality; null where the store cannot be asked. */
const known = (service: Service): Promise<FeatureQuality | null> =>
  service.featureQuality().catch((error: unknown) => {
    if (error instanceof Unavailable) return null
    throw error
  })

/** What operators and developers read, without a key. */
export function operationRoutes(service: Service, metrics: Metrics): Handlers<Names> {
  const document = openApiDocument()
  const description = answer(200, document)
  const page = textAnswer('text/html; charset=utf-8', docsPage(document), {
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
  })
  return {
    health: () => answer(200, { status: 'ok' }),
    ready: () => {
      const state = service.readiness()
      if (state.ready) return answer(200, state)
      return answer(503, state, { headers: { ...unavailable[state.reason].headers } })
    },
    metrics: async () => {
      const state = service.readiness()
      const packs = state.ready ? state.packs.filter(({ inForce }) => inForce) : []
      metrics.rulePacks.set(packs.map(({ id, version, digest }) => ({ pack: id, version: String(version), digest })))
      metrics.outOfRange.set(
        service.ranges.counts().flatMap(({ field, refused, odd }) => [
          { labels: { field, outcome: 'refused' }, value: refused },
          { labels: { field, outcome: 'odd' }, value: odd },
        ]),
      )
      metrics.quality.set(state.ready ? await known(service) : null)
      return textAnswer('text/plain; version=0.0.4; charset=utf-8', metrics.exposition())
    },
    openapi: () => description,
    docs: () => page,
  }
}
