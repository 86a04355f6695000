import { z } from 'zod'
import { contract, type Reply, type Route } from './contract/contract.js'
import { problems, type ProblemName } from './problems.js'
import * as assessmentSchemas from './assessmentSchemas.js'
import * as backtestSchemas from './backtestSchemas.js'
import * as privacySchemas from './privacySchemas.js'
import * as purchaseSchemas from './purchaseSchemas.js'
import * as ruleSchemas from './ruleSchemas.js'
import * as schemas from './schemas.js'
import { AssessmentEntry, ClassChangeEntry } from '../../audit/investorEntry.js'
import { DecisionEntry } from '../../audit/entry.js'
import { PurchaseCheckEntry, PurchaseConfirmationEntry } from '../../audit/purchaseEntry.js'
import { ApprovalDocument, ProposalDocument, WithdrawalDocument } from '../rules/ruleDocument.js'
import { Event } from '../../features/schema/event.js'
import { Investor } from '../../features/schema/investor.js'
import { Product } from '../../features/schema/product.js'

export type JsonSchema = z.core.JSONSchema.JSONSchema

export type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly description?: string
  readonly schema: JsonSchema
}
export type Operation = {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required: true; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>
  /** The problems that it may answer with, by name: what the statuses alone do not tell apart. */
  readonly 'x-problems': readonly ProblemName[]
}
type Content = Readonly<Record<string, { readonly schema?: JsonSchema }>>
export type OpenApiDocument = {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>
    readonly securitySchemes: Readonly<Record<string, unknown>>
  }
}

const named: Readonly<Record<string, z.ZodType>> = {
  ...schemas,
  ...purchaseSchemas,
  ...assessmentSchemas,
  ...privacySchemas,
  ...ruleSchemas,
  ...backtestSchemas,
  ProposalDocument,
  ApprovalDocument,
  WithdrawalDocument,
  AssessmentEntry,
  ClassChangeEntry,
  DecisionEntry,
  PurchaseCheckEntry,
  PurchaseConfirmationEntry,
  Event,
  Investor,
  Product,
}
const names = new Map<z.ZodType, string>(Object.entries(named).map(([name, schema]) => [schema, name]))

/** OpenAPI 3.1.0 (https://spec.openapis.org/oas/v3.1.0) of the contract; the same schemas check the requests. */
export function openApiDocument(): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {}
  for (const [name, route] of Object.entries<Route>(contract))
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(name, route) }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Aptus',
      version: '1',
      description:
        'Ranks the suitable products of an investor, records every decision, and says why each product was or was not recommendable. Errors are RFC 9457 problems; instants are RFC 3339 in UTC; texts follow Accept-Language (zh-CN, en).',
    },
    paths,
    components: {
      schemas: components(),
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'A key of a firm, with scopes: app, catalogue, risk, science.',
        },
      },
    },
  }
}

function operationOf(name: string, route: Route): Operation {
  const every = allProblems(route)
  return {
    operationId: name,
    summary: route.summary,
    tags: [route.scope ?? 'operations'],
    security: route.scope === null ? [] : [{ key: [route.scope] }],
    parameters: [...parameters('path', route.pathParameters), ...parameters('query', route.query), ...headers(route)],
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: reference(route.body) } } } }),
    responses: { ...responsesOf(every), ...documented(route.replies) },
    'x-problems': every,
  }
}

/** Those of the route, and those that follow from its scope, parameters and body. */
export function allProblems(route: Route): readonly ProblemName[] {
  const checked = route.pathParameters !== undefined || route.query !== undefined || route.body !== undefined
  return [
    ...(checked ? (['malformed-request', 'invalid-request'] as const) : []),
    ...(route.body === undefined ? [] : (['invalid-json', 'body-too-large', 'unsupported-media-type'] as const)),
    ...(route.scope === null ? [] : (['unauthenticated', 'forbidden'] as const)),
    ...route.problems,
    'internal-error',
  ]
}

/** The schema of a problem's status, where no reply of the route says more. */
export const problemSchema = (status: number): z.ZodType => (status === 422 ? schemas.InvalidRequest : schemas.Problem)

function responsesOf(every: readonly ProblemName[]): Operation['responses'] {
  const statuses = [...new Set(every.map((name) => problems[name].status))].sort((a, b) => a - b)
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: every
          .filter((name) => problems[name].status === status)
          .map((name) => `${name}: ${problems[name].title.en}`)
          .join('; '),
        content: { 'application/problem+json': { schema: reference(problemSchema(status)) } },
      },
    ]),
  )
}

const documented = (replies: Route['replies']): Operation['responses'] =>
  Object.fromEntries(
    Object.entries<Reply>(replies).map(([status, { says, schema, mediaType }]) => {
      const json = status === '409' ? 'application/problem+json' : 'application/json'
      const content = {
        ...(mediaType === undefined ? {} : { [mediaType]: {} }),
        ...(schema === undefined ? {} : { [json]: { schema: reference(schema) } }),
      }
      return [status, { description: says, ...(Object.keys(content).length === 0 ? {} : { content }) }]
    }),
  )

function parameters(place: 'path' | 'query', schema: z.ZodObject | undefined): readonly Parameter[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = jsonSchema(schema)
  return Object.entries(properties).map(([name, each]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: each as JsonSchema,
  }))
}

const headers = ({ records }: Route): readonly Parameter[] => [
  { name: 'Accept-Language', in: 'header', required: false, schema: { type: 'string', default: 'zh-CN' } },
  ...(records === true
    ? [
        {
          name: 'Idempotency-Key',
          in: 'header' as const,
          required: false,
          description: 'For 24 hours the same key and body get the same answer; another body gets 409.',
          schema: { type: 'string' as const, minLength: 1, maxLength: 255 },
        },
      ]
    : []),
]

const address = (name: string): string => `#/components/schemas/${name}`

const reference = (schema: z.ZodType): JsonSchema => {
  const name = names.get(schema)
  return name === undefined ? jsonSchema(schema) : { $ref: address(name) }
}

/** The patterns that zod gives for dates are long and say no more than their format. */
const settings = {
  io: 'input' as const,
  override: ({ jsonSchema: made }: { jsonSchema: JsonSchema }) => {
    if (made.format === 'date-time' || made.format === 'date') delete made.pattern
  },
}

function jsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, settings) as JsonSchema
  return rest
}

function components(): Readonly<Record<string, JsonSchema>> {
  const registry = z.registry<{ id: string }>()
  for (const [schema, id] of names) registry.add(schema, { id })
  const made = z.toJSONSchema(registry, { ...settings, uri: address }).schemas
  return Object.fromEntries(
    Object.entries(made).map(([name, schema]) => {
      const { $schema: _, $id: __, ...rest } = schema as JsonSchema
      return [name, rest]
    }),
  )
}
