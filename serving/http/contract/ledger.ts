import * as schemas from '../schemas.js'
import { type Route } from './route.js'

/** What the ledger proves of itself. */
export const ledger = {
  ledgerCheckpoint: {
    method: 'get',
    path: '/v1/ledger/checkpoint',
    scope: 'risk',
    summary:
      'A signed checkpoint over all entries (C2SP signed-note, tlog-checkpoint). With Accept: application/json, beside what it says and the key that verifies it.',
    replies: { 200: { says: 'The checkpoint.', schema: schemas.CheckpointAnswer, mediaType: 'text/plain' } },
    problems: ['no-ledger', 'starting'],
  },
  ledgerConsistency: {
    method: 'get',
    path: '/v1/ledger/consistency',
    scope: 'risk',
    summary: 'Proves that the ledger of `to` entries begins with that of `from` (RFC 9162 §2.1.4).',
    query: schemas.ConsistencyQuery,
    replies: { 200: { says: 'Both roots, and the proof.', schema: schemas.ConsistencyAnswer } },
    problems: ['no-ledger', 'starting'],
  },
  proveDecision: {
    method: 'get',
    path: '/v1/decisions/{id}/proof',
    scope: 'risk',
    summary: 'The bytes of a recorded entry, and the proof that they stand in the ledger (C2SP tlog-proof).',
    pathParameters: schemas.DecisionPath,
    replies: { 200: { says: 'Entry and proof.', schema: schemas.ProofAnswer } },
    problems: ['unknown-decision', 'no-ledger', 'starting'],
  },
} as const satisfies Record<string, Route>
