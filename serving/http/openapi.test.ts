import { contract, type Route } from './contract/contract.js'
import { docsPage } from './docs/page.js'
import { openApiDocument } from './openapi.js'
import { problems } from './problems.js'

const document = openApiDocument()
const text = JSON.stringify(document)

test('every route stands in it with its answers, its key and its parameters', () => {
  for (const [name, route] of Object.entries<Route>(contract)) {
    const operation = document.paths[route.path]?.[route.method]
    expect(operation?.operationId).toBe(name)
    for (const status of Object.keys(route.replies)) expect(operation?.responses[status]).toBeDefined()
    expect(operation?.security.length).toBe(route.scope === null ? 0 : 1)
    const named = [...route.path.matchAll(/\{([^}]+)\}/g)].map(([, parameter]) => parameter)
    expect(operation?.parameters.filter((each) => each.in === 'path').map((each) => each.name)).toEqual(named)
  }
})

test('every reference leads to a schema, and the names are those of the schemas', () => {
  const referred = new Set([...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name))
  expect([...referred].filter((name) => document.components.schemas[name ?? ''] === undefined)).toEqual([])
  expect([...referred]).toEqual(expect.arrayContaining(['Recommendation', 'Investor', 'Product', 'Problem']))
})

test('instants are date-times, and what is no field is refused', () => {
  const request = document.components.schemas['RecommendationRequest']
  expect(request).toMatchObject({ required: ['investorId'], additionalProperties: false })
  expect(document.components.schemas['Recommendation']?.properties?.['at']).toEqual({
    type: 'string',
    format: 'date-time',
  })
})

test('an exposure may tell its propensity, above 0 and at most 1', () => {
  const exposure = document.components.schemas['Event']?.oneOf?.[1]
  expect(exposure).toMatchObject({
    required: expect.not.arrayContaining(['propensity']) as string[],
    properties: { propensity: { default: null, anyOf: [{ exclusiveMinimum: 0, maximum: 1 }, { type: 'null' }] } },
  })
})

test('a redemption says what it takes', () => {
  const redemption = document.components.schemas['Event']?.oneOf?.[3]
  expect(redemption).toMatchObject({
    properties: { unitsMicros: { description: expect.stringContaining('oldest purchases first') as string } },
  })
})

test('an investor is answered with what he holds, by lot, and with his plans', () => {
  const { InvestorAnswer, HoldingsAnswer } = document.components.schemas
  expect(InvestorAnswer?.required).toContain('holdings')
  const text = JSON.stringify(HoldingsAnswer)
  for (const name of ['positions', 'lots', 'boughtAt', 'unitsMicros', 'unmatchedRedemptions', 'plans', 'since'])
    expect(text).toContain(`"${name}"`)
})

test('the page shows every route, schema and problem, and loads nothing from anywhere', () => {
  const page = docsPage(document)
  for (const name of Object.keys(contract)) expect(page).toContain(`<article id="${name}">`)
  for (const name of Object.keys(document.components.schemas)) expect(page).toContain(`id="schema-${name}"`)
  for (const name of Object.keys(problems)) expect(page).toContain(`id="problem-${name}"`)
  expect(page).not.toMatch(/<script|<link|<img|https?:\/\/|url\(|@import/)
  const anchors = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
  const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
  expect(links.filter((id) => !anchors.has(id))).toEqual([])
})
