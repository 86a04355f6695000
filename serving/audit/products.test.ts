import { referenceFor } from '../../engine/suitability/reference.js'
import { productInputsOf } from '../../engine/suitability/inputs.js'
import { type DecisionId, type ProductId } from '../../features/schema/ids.js'
import { CounterfactualAnswer, DecisionProductsAnswer } from '../http/schemas.js'
import { fit, httpApp, type HttpApp, at } from '../../tests/httpApp.js'
import { defaultFirm } from '../investorKey.js'
import { subjectIn, whyOf } from './why.js'
import { productsOf } from './products.js'
import { readPack } from '../../engine/suitability/readPack.js'
import { readFileSync } from 'node:fs'

let app: HttpApp
let id: DecisionId
beforeAll(async () => {
  app = await httpApp()
  await app.ask('putInvestor', {
    path: `/v1/investors/${fit.id}`,
    body: {
      ...fit,
      assessments: [],
      riskAssessment: { ...fit.riskAssessment, assessedAt: new Date(at - 86_400_000).toISOString() },
    },
  })
  const reply = await app.ask('recommend', { body: { investorId: fit.id, size: 5 } })
  id = (reply.json as { decisionId: DecisionId }).decisionId
})
afterAll(() => app.close())

const pageOf = async (query = '') => {
  const reply = await app.ask('decisionProducts', { path: `/v1/decisions/${id}/products${query}` })
  return { status: reply.status, ...DecisionProductsAnswer.parse(reply.json) }
}

test('pages go through the whole catalogue, once', async () => {
  const seen: ProductId[] = []
  let page = await pageOf('?limit=500')
  for (;;) {
    seen.push(...page.items.map(({ productId }) => productId))
    if (page.next === null) break
    page = await pageOf(`?limit=500&after=${page.next}`)
  }
  expect(seen).toEqual(app.catalogue.products.map(({ id }) => id))
})

test('what is shown is counted: served among nominated among permitted, and the withheld beside', async () => {
  const { counts, verdictsHold } = await pageOf()
  const many = async (show: string): Promise<number> => {
    const first = await pageOf(`?limit=500&show=${show}`)
    let [count, next] = [first.items.length, first.next]
    while (next !== null) {
      const page = await pageOf(`?limit=500&show=${show}&after=${next}`)
      count += page.items.length
      next = page.next
    }
    return count
  }
  expect(verdictsHold).toBe(true)
  expect(counts.served).toBe(5)
  expect(await many('served')).toBe(5)
  expect(await many('nominated')).toBe(counts.nominated)
  expect(await many('withheld')).toBe(counts.withheld.total)
  expect(await many('permitted')).toBe(counts.products - counts.withheld.total)
  expect(counts.nominated).toBeGreaterThan(5)
  expect(counts.withheld.total).toBeGreaterThan(100)
})

test('the compiled verdicts are those of the reference, of every product, rule by rule', () => {
  const kept = app.decisions.get(id)
  const pack = readPack(readFileSync('packs/cn-2026.yaml'), 'cn-2026.yaml')
  const inputs = { investor: kept!.investor!, context: {} }
  const recorded = {
    decisionId: id,
    decision: kept!.decision,
    inputs,
    pack,
    catalogue: app.catalogue,
    language: 'en' as const,
  }
  const [reference, subject] = [referenceFor(pack), subjectIn(recorded)]
  const rules = new Map<string, number>()
  const withheld = new Set(
    productsOf(recorded, { language: 'en', show: 'withheld', limit: 5000 })!.items.map((item) => item.productId),
  )
  for (const product of app.catalogue.products) {
    const findings = referenceFor(pack).findings(productInputsOf(product, pack.timeZone), subject)
    expect([product.id, withheld.has(product.id)]).toEqual([product.id, findings.length > 0])
    for (const { ruleId } of findings) rules.set(ruleId, (rules.get(ruleId) ?? 0) + 1)
  }
  expect(reference).toBe(referenceFor(pack))
  const { counts } = productsOf(recorded, { language: 'en', limit: 1 })!
  expect(counts.withheld.byRule).toEqual(Object.fromEntries(rules))
  for (const [rule, count] of rules)
    expect(productsOf(recorded, { language: 'en', rule, limit: 5000 })!.items).toHaveLength(count)
  expect(whyOf(recorded, 'none' as ProductId)).toBeNull()
})

test('words in both languages, and the counterfactual of a withheld product', async () => {
  const [withheld] = (await pageOf('?show=withheld&rule=CN-MATCH&limit=1')).items
  const path = `/v1/decisions/${id}/products/${withheld!.productId}/counterfactual`
  for (const [language, words] of [
    ['en', /permitted|not by the investor/],
    ['zh-CN', /[允不与]/],
  ] as const) {
    const reply = await app.ask('counterfactual', { path, headers: { 'accept-language': language } })
    expect(reply.headers.get('content-language')).toBe(language)
    const found = CounterfactualAnswer.parse(reply.json)
    expect(found.summary).toMatch(words)
    expect(found.findings.map(({ ruleId }) => ruleId)).toEqual(withheld!.findings.map(({ ruleId }) => ruleId))
  }
})

test('what is not there, and whom there is not any more', async () => {
  const status = async (name: 'decisionProducts' | 'counterfactual', path: string) =>
    (await app.ask(name, { path })).status
  expect(await status('decisionProducts', '/v1/decisions/d-none/products')).toBe(404)
  expect(await status('decisionProducts', `/v1/decisions/${id}/products?after=none`)).toBe(404)
  expect(await status('decisionProducts', `/v1/decisions/${id}/products?show=all`)).toBe(422)
  expect(await status('counterfactual', `/v1/decisions/${id}/products/none/counterfactual`)).toBe(404)
  await app.service.eraseInvestor(defaultFirm, fit.id)
  expect(await status('decisionProducts', `/v1/decisions/${id}/products`)).toBe(410)
  expect(await status('counterfactual', `/v1/decisions/${id}/products/P00001/counterfactual`)).toBe(410)
})
