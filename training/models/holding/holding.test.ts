import fc from 'fast-check'
import { investorVector } from '../../../features/definitions/vectors.js'
import { noBehaviour } from '../../../features/schema/behaviour.js'
import { randomInvestor, randomProduct, seeded } from '../../../tests/randomMarket.js'
import { outcomesAt } from './censoring.js'
import { designOf, investorIds, standardised, width } from './columns.js'
import { fitHolding, type HoldingExample } from './fit.js'
import { holdingHead } from './head.js'
import { fitRidgeLogistic, logitsOf, probability } from './ridgeLogistic.js'

const at = Date.parse('2026-05-08T15:00:00Z')

test('by hand: weights under censoring', () => {
  const durations = [
    { days: 10, ended: true },
    { days: 20, ended: false },
    { days: 30, ended: true },
    { days: 40, ended: false },
    { days: 50, ended: false },
  ]
  const { held, weights } = outcomesAt(durations, 40)
  expect([...held]).toEqual([0, 0, 0, 1, 1])
  // One of four was censored at 20: G = ¾ from then on; that at 40 itself is later.
  expect([...weights]).toEqual([1, 0, 4 / 3, 4 / 3, 4 / 3].map((weight): unknown => expect.closeTo(weight, 12)))
})

const duration = fc.record({ days: fc.integer({ min: 0, max: 12 }), ended: fc.boolean() })

test('the weighted share that was held is what Kaplan and Meier find, whatever was censored (Satten and Datta 2001)', () => {
  fc.assert(
    fc.property(
      fc.array(duration, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 12 }),
      (all, horizon) => {
        // Of censored and ended at one time the ended come first, so the horizon must not be all censored before.
        fc.pre(all.some(({ days }) => days >= horizon))
        const { held, weights } = outcomesAt(all, horizon)
        let survival = 1
        for (let time = 0; time < horizon; time++) {
          const atRisk = all.filter(({ days }) => days >= time).length
          const ended = all.filter(({ days, ended: over }) => over && days === time).length
          if (atRisk > 0) survival *= 1 - ended / atRisk
        }
        const share = weights.reduce((sum, weight, row) => sum + weight * (held[row] ?? 0), 0) / all.length
        expect(share).toBeCloseTo(survival, 9)
      },
    ),
  )
})

test('logistic regression: log odds without columns, and no slope is left at the end', () => {
  const ones = Float64Array.of(1, 1, 1, 1)
  const labels = Uint8Array.of(1, 1, 1, 0)
  expect(fitRidgeLogistic(ones, labels, Float64Array.of(1, 1, 1, 1), 5)[0]).toBeCloseTo(Math.log(3), 6)
  expect(fitRidgeLogistic(ones, labels, Float64Array.of(1, 1, 0, 1), 5)[0]).toBeCloseTo(Math.log(2), 6)
  expect(() => fitRidgeLogistic(ones, labels, Float64Array.of(1, 1, 1, 0), 5)).toThrow('all labels are alike')
  const random = seeded(5)
  const x = Float64Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? 1 : random() - 0.5))
  const noisy = Uint8Array.from({ length: 100 }, (_, row) => ((x[3 * row + 1] ?? 0) + random() > 0.5 ? 1 : 0))
  const weights = Float64Array.from({ length: 100 }, () => random())
  const beta = fitRidgeLogistic(x, noisy, weights, 2)
  const errors = logitsOf(x, beta).map((logit, row) => (weights[row] ?? 0) * ((noisy[row] ?? 0) - probability(logit)))
  for (const column of [0, 1, 2]) {
    const slope = errors.reduce((sum, error, row) => sum + error * (x[3 * row + column] ?? 0), 0)
    expect(slope).toBeCloseTo(column === 0 ? 0 : 2 * (beta[column] ?? 0), 4)
  }
})

/** Held for long where the risk is low; many are censored before 180 days. */
const examples = ((): HoldingExample[] => {
  const random = seeded(11)
  const products = Array.from({ length: 80 }, (_, index) => randomProduct(random, index, at))
  const investors = Array.from({ length: 400 }, (_, index) => randomInvestor(random, index, at))
  return Array.from({ length: 1_500 }, (_, i) => {
    const product = products[Math.floor(random() * products.length)] ?? products[0]
    const profile = investors[i % investors.length]
    if (product === undefined || profile === undefined) throw new Error('want a product and an investor')
    const leaves = ['R1', 'R2', 'R3'].includes(product.rating?.level ?? 'R5') ? 500 : 120
    const [held, seen] = [-leaves * Math.log(random()), 60 + 400 * random()]
    const investor = { profile, knownAt: at - 1, behaviour: noBehaviour }
    return { investor, product, at, days: Math.min(held, seen), ended: held < seen }
  })
})()
const fitted = fitHolding(examples)
if (!fitted.fitted) throw new Error(fitted.because)
const { model } = fitted

test('it learns who holds, and its chances are met by investors whom it had not seen', () => {
  // e^(−180/500) and e^(−180/120) are 70 and 22 in a hundred: that much can be told apart.
  expect(model.check.auc).toBeGreaterThan(0.65)
  expect(model.check.slope).toBeGreaterThan(0.7)
  for (const { predicted, met } of model.check.calibration) expect(Math.abs(predicted - met)).toBeLessThan(0.08)
})

test('the order of the examples does not matter', () => {
  const again = fitHolding([...examples].reverse())
  expect(again.fitted && [...again.model.weights]).toEqual([...model.weights])
})

test('with few labels, or all alike, it is refused with the figure', () => {
  const few = fitHolding(examples.slice(0, 60))
  expect(few).toEqual({
    fitted: false,
    because: expect.stringMatching(/^of \d+ purchases.* want 50 of either$/) as string,
  })
  const allHeld = fitHolding(examples.map((one) => ({ ...one, days: 400, ended: false })))
  expect(allHeld).toEqual({ fitted: false, because: expect.stringContaining('1500 were held') as string })
})

test('where nothing can be foretold the head all but vanishes', () => {
  const random = seeded(4)
  const chance = fitHolding(examples.map((one) => ({ ...one, days: random() < 0.5 ? 10 : 300, ended: true })))
  expect(chance.fitted && chance.model.check.auc).toBeLessThan(0.55)
  expect(chance.fitted && Math.max(...chance.model.weights.slice(1).map(Math.abs))).toBeLessThan(0.1)
})

test('the head ranks as the model does: the same log odds but for what is the same of all candidates', () => {
  const pairs = examples.slice(0, 40).map(({ product }) => ({ product, investor: examples[7]?.investor, at }))
  const known = pairs.flatMap(({ investor, ...pair }) => (investor === undefined ? [] : [{ ...pair, investor }]))
  const logits = logitsOf(designOf(known, model.scalings), model.weights)
  const head = holdingHead(
    model,
    known.map(({ product }) => product),
    at,
  )
  const own = known[0] === undefined ? new Float32Array() : investorVector(known[0].investor, at)
  const trait = standardised(
    head.investor.ids.reduce(
      (raw, id, i) => raw.fill(own[investorIds.indexOf(id)] ?? Number.NaN, i, i + 1),
      new Float32Array(head.investor.ids.length),
    ),
    head.investor,
  )
  const scores = logits.map((_, row) =>
    head.terms.reduce((sum, { column, times }, term) => {
      const factor = times === null ? 1 : (trait[head.investor.ids.indexOf(times)] ?? Number.NaN)
      return sum + (head.weights[term] ?? 0) * (head.columns[column]?.[row] ?? Number.NaN) * factor
    }, 0),
  )
  const offset = (logits[0] ?? 0) - (scores[0] ?? 0)
  scores.forEach((score, row) => expect(score + offset).toBeCloseTo(logits[row] ?? Number.NaN, 4))
  expect(model.weights.length).toBe(width)
})
