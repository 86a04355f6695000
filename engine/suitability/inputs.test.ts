import { randomProduct, seeded } from '../../tests/randomMarket.js'
import { productInputsOf } from './inputs.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const product = { ...randomProduct(seeded(1), 0, at), currency: 'CNY' as const }
const limits = (currency: 'CNY' | 'USD') => {
  const stated = { ...product, minPurchase: { minor: 100, currency }, maxDailyPurchase: { minor: 5000, currency } }
  const { minPurchaseMinor, maxDailyPurchaseMinor } = productInputsOf(stated, 'Asia/Shanghai')
  return { minPurchaseMinor, maxDailyPurchaseMinor }
}

test('limits of a purchase: in the product’s currency, or such that no amount keeps to them', () => {
  expect(limits('CNY')).toEqual({ minPurchaseMinor: 100, maxDailyPurchaseMinor: 5000 })
  expect(limits('USD')).toEqual({ minPurchaseMinor: Number.MAX_SAFE_INTEGER, maxDailyPurchaseMinor: 0 })
})
