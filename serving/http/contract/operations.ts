import * as schemas from '../schemas.js'
import { type Route } from './route.js'

/** Health, metrics and documentation. */
export const operations = {
  health: {
    method: 'get',
    path: '/healthz',
    scope: null,
    summary: 'Whether the process answers.',
    replies: { 200: { says: 'It does.', schema: schemas.Health } },
    problems: [],
  },
  ready: {
    method: 'get',
    path: '/readyz',
    scope: null,
    summary: 'Whether recommendations can be served, and if not, what is under way or missing.',
    replies: {
      200: { says: 'They can.', schema: schemas.Ready },
      503: { says: 'Not yet.', schema: schemas.NotReady },
    },
    problems: [],
  },
  metrics: {
    method: 'get',
    path: '/metrics',
    scope: null,
    summary: 'Counters of this process in the Prometheus text format.',
    replies: { 200: { says: 'The exposition.', mediaType: 'text/plain' } },
    problems: [],
  },
  openapi: {
    method: 'get',
    path: '/openapi.json',
    scope: null,
    summary: 'This description, as OpenAPI 3.1.',
    replies: { 200: { says: 'The document.', mediaType: 'application/json' } },
    problems: [],
  },
  docs: {
    method: 'get',
    path: '/docs',
    scope: null,
    summary: 'This description, to read.',
    replies: { 200: { says: 'A page.', mediaType: 'text/html' } },
    problems: [],
  },
} as const satisfies Record<string, Route>
