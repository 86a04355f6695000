import { type Service } from '../../service.js'
import { answer, textAnswer } from '../answer.js'
import { invalid } from '../invalid.js'
import { problem } from '../problems.js'
import { type Handlers } from '../route.js'

export function ledgerRoutes(service: Service): Handlers<'ledgerCheckpoint' | 'ledgerConsistency' | 'proveDecision'> {
  return {
    ledgerCheckpoint: async ({ wantsJson }) => {
      const head = await service.audit.checkpoint()
      const varying = { headers: { Vary: 'Accept' } }
      return wantsJson
        ? answer(200, head, varying)
        : textAnswer('text/plain; charset=utf-8', head.checkpoint, varying.headers)
    },
    ledgerConsistency: async ({ language, query: { from, to } }) => {
      const proof = await service.audit.consistency(from, to)
      if (!('beyond' in proof)) return answer(200, proof)
      return invalid([{ in: 'query', pointer: `/${proof.beyond}`, message: `want 0 to ${proof.size}` }], language)
    },
    proveDecision: async ({ firmId, language, path: { id } }) => {
      const proof = await service.audit.proof(firmId, id)
      return proof === null ? problem('unknown-decision', language) : answer(200, proof)
    },
  }
}
