import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { productInputsOf, subjectOf } from '../../engine/suitability/inputs.js'
import { referenceFor } from '../../engine/suitability/reference.js'
import { DecisionId, FirmId, InvestorId } from '../../features/schema/ids.js'
import { randomDecision, randomDecisions } from '../../tests/randomDecisions.js'
import { openRecord, type Record } from '../record.js'
import { everPermitted } from './everPermitted.js'

const firmId = FirmId.parse('default')
const { pack, catalogue, at } = randomDecisions
const kept = { packOf: () => Promise.resolve(pack), catalogueOf: () => Promise.resolve(catalogue) }
const whole = { firmId, from: null, to: null }
const numbers = [...Array(20).keys()]

let dir = ''
let record: Record
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ever-'))
  record = await openRecord(join(dir, 'ledger'), join(dir, 'persons'))
})
afterEach(async () => {
  await record.close()
  await rm(dir, { recursive: true })
})

const append = (number: number, mode: 'live' | 'historical') => {
  const { decision, investor, context } = randomDecision(number)
  const whose = { firmId, investorId: InvestorId.parse(`i-${number % 5}`) }
  const decisionId = DecisionId.parse(`d-${mode}-${number}`)
  return record.append({ ...decision, mode }, investor, { ...context, exclude: [] }, { ...whose, decisionId })
}
/** By the reference, product by product: of the judged among these. */
const naive = (of: readonly number[]) => {
  const judged = of.filter((number) => randomDecision(number).decision.verdictDigest !== null)
  const products = judged.flatMap((number) => {
    const { investor, decision } = randomDecision(number)
    const subject = subjectOf(investor, 'push', pack, decision.at)
    return catalogue.products.filter(
      (product) => referenceFor(pack).findings(productInputsOf(product, pack.timeZone), subject).length === 0,
    )
  })
  return { judged: judged.length, products: new Set(products.map(({ id }) => id)) }
}

test('what was permitted to anybody in live decisions, of a period; of the erased they are counted alone', async () => {
  for (const number of numbers) await append(number, 'live')
  await append(30, 'historical')
  expect(naive(numbers).products.size).toBeGreaterThan(0)
  expect(await everPermitted(record, whole, kept)).toEqual({ ...naive(numbers), erased: 0 })
  const some = numbers.slice(3, 8)
  expect(await everPermitted(record, { firmId, from: at + 3, to: at + 8 }, kept)).toEqual({ ...naive(some), erased: 0 })
  await record.erase(firmId, InvestorId.parse('i-2'))
  const left = numbers.filter((number) => number % 5 !== 2)
  expect(await everPermitted(record, whole, kept)).toEqual({ ...naive(left), erased: 4 })
})
