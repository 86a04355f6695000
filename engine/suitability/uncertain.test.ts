import { readFileSync } from 'node:fs'
import { type Confidence, type Pack } from './pack.js'
import { readPack } from './readPack.js'
import { uncertainParts, uncertainRules } from './uncertain.js'

const cn = readPack(readFileSync('packs/cn-2026.yaml'))
const us = readPack(readFileSync('packs/us-finra.yaml'))
const first = <T>([one]: readonly T[]): T => {
  if (one === undefined) throw new Error('the pack has none')
  return one
}
const { assessmentLimits, rematch } = cn
if (assessmentLimits === null || rematch === null) throw new Error('cn-2026 has both')
const allOf = (confidence: Confidence): Pack => ({
  ...cn,
  rules: [{ ...first(cn.rules), id: 'A-1', confidence }],
  standards: [{ ...first(cn.standards), id: 'A-2', confidence }],
  confirmations: [{ ...first(cn.confirmations), id: 'notice', confidence }],
  professional: [{ ...first(cn.professional), by: 'right', confidence }],
  assessmentLimits: { ...assessmentLimits, confidence },
  rematch: { ...rematch, confidence },
})

test.each(['summary', 'recalled'] as const)('what is known from a %s is told, part by part', (confidence) => {
  expect(uncertainRules(allOf(confidence))).toEqual([`A-1 (${confidence})`])
  expect(uncertainParts(allOf(confidence))).toEqual(
    ['A-1', 'standard A-2', 'step notice', 'professional by right', 'assessmentLimits', 'rematch'].map(
      (part) => `${part} (${confidence})`,
    ),
  )
})

test.each(['read', 'own'] as const)('what is %s is certain, and so is what a pack does not hold', (confidence) => {
  expect(uncertainParts(allOf(confidence))).toEqual([])
  const without = { ...allOf('recalled'), standards: [], confirmations: [], professional: [] }
  expect(uncertainParts({ ...without, assessmentLimits: null, rematch: null })).toEqual(['A-1 (recalled)'])
})

test('of the packs that are shipped the rules known from summaries or by heart are told', () => {
  expect(uncertainRules(us).length).toBeGreaterThan(0)
  expect(uncertainRules(us).length).toBeLessThan(us.rules.length)
})
