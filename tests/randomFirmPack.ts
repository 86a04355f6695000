import { type Expression, namesIn, parseExpression } from '../engine/suitability/expression.js'
import { type ProductInputs, type Subject } from '../engine/suitability/inputs.js'
import { interpret } from '../engine/suitability/interpret.js'
import { type Pack } from '../engine/suitability/pack.js'
import { type InputValue } from '../engine/suitability/vocabulary.js'

type Random = () => number
const oneOf = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)] as T

const leaves = [
  'product.riskLevel <= investor.riskLevel',
  'product.riskLevel < 4',
  'product.minHorizonMonths < investor.horizonMonths',
  'product.lockupMonths == 0',
  'product.kind in investor.knownKinds',
  'product.kind in ["bond", "equity", "index-equity"]',
  'investor.riskLevel in product.negativeLevels',
  'product.id in investor.recentlyRedeemed',
  'product.crossBorder',
  'product.sustainable',
  'product.termMonths > 24',
  'investor.ageYears >= 65',
  'investor.optedOut',
  '"growth" in product.objectives',
]

function expression(random: Random, depth = 2): string {
  const inner = (): string => expression(random, depth - 1)
  const form = depth === 0 ? 'leaf' : oneOf(random, ['leaf', 'leaf', 'not', 'and', 'or', 'if'] as const)
  if (form === 'not') return `!(${inner()})`
  if (form === 'and') return `(${inner()}) && (${inner()})`
  if (form === 'or') return `(${inner()}) || (${inner()})`
  if (form === 'if') return `(${inner()}) ? (${inner()}) : (${inner()})`
  return oneOf(random, leaves)
}

type Given = { readonly product: Record<string, InputValue>; readonly investor: Record<string, InputValue> }

/** What an expression reads of a product and a subject; null where one of it is unknown. */
function readOf(rule: Expression, product: ProductInputs, { investor }: Subject): Given | null {
  const given: Given = { product: {}, investor: {} }
  for (const { entity, field } of namesIn(rule)) {
    const from: Readonly<Record<string, InputValue>> = entity === 'product' ? product : investor
    if (entity === 'context' || from[field] == null) return null
    given[entity][field] = from[field]
  }
  return given
}

/**
 * The YAML of a firm's pack over `base`: a rule of any form that permits some and stops some of the products, as its
 * cases show, of any scope and effect, with any input exempted; and a term that is shorter, now and then.
 */
export function randomFirmPack(
  random: Random,
  base: Pack,
  products: readonly ProductInputs[],
  subject: Subject,
): Uint8Array {
  for (;;) {
    const text = expression(random)
    const rule = parseExpression(text)
    const seen = products.flatMap((product) => {
      const given = readOf(rule, product, subject)
      return given === null ? [] : [{ given, permits: interpret(rule, given) }]
    })
    const permitted = seen.find(({ permits }) => permits)
    const stopped = seen.find(({ permits }) => !permits)
    if (permitted === undefined || stopped === undefined) continue
    const warns = random() < 0.3
    const exempt = random() < 0.3 ? oneOf(random, namesIn(rule)) : null
    return new TextEncoder().encode(
      JSON.stringify(
        {
          id: 'firm',
          version: 1,
          title: words,
          extends: base.id,
          terms: random() < 0.3 ? { navTradingDays: 2, churnDays: base.terms.churnDays + 90 } : {},
          confirmations: warns ? [{ id: 'firm-step', source: 's', confidence: 'own', messages: words }] : [],
          rules: [
            {
              id: 'FIRM-ANY',
              scope: warns ? 'self-initiated' : oneOf(random, ['push', 'self-initiated', 'both']),
              [warns ? 'warnUnless' : 'blockUnless']: text,
              ...(warns ? { confirmations: ['firm-step'] } : {}),
              whenMissing: exempt === null ? {} : { [`${exempt.entity}.${exempt.field}`]: 'not-applicable' },
              source: 's',
              confidence: 'own',
              effectiveFrom: '2020-01-01',
              messages: words,
              cases: [
                { ...permitted.given, expect: 'permit' },
                { ...stopped.given, expect: warns ? 'warn' : 'block' },
              ],
            },
          ],
        },
        null,
        1,
      ),
    )
  }
}

const words = { 'zh-CN': 'x', en: 'x' }
