import { readFileSync } from 'node:fs'
import { LocalDate } from '../../features/schema/time.js'
import { randomInvestor, seeded } from '../../tests/randomMarket.js'
import { type Subject, subjectOf } from './inputs.js'
import { type Pack } from './pack.js'
import { readPack } from './readPack.js'
import { packInForce, ruleOn, rulesFor } from './rulesFor.js'

const cn = readPack(readFileSync('packs/cn-2026.yaml'))
const at = Date.parse('2026-05-08T15:00:00Z')
const known = { profile: randomInvestor(seeded(1), 1, at), knownAt: at, behaviour: { purchased: [], viewed: [] } }
const subject = (today: string, initiation: 'push' | 'self-initiated' = 'push'): Subject => ({
  ...subjectOf(known, initiation, cn, at),
  today: LocalDate.parse(today),
})
const day = (text: string) => LocalDate.parse(text)
/** CN-MATCH, with days and scope of one's own, alone in the pack. */
const alone = (changes: Partial<Pack['rules'][number]>, pack: Partial<Pack> = {}): Pack => {
  const [rule] = cn.rules.filter(({ id }) => id === 'CN-MATCH')
  if (rule === undefined) throw new Error('cn-2026 has CN-MATCH')
  return { ...cn, ...pack, rules: [{ ...rule, ...changes }] }
}
const until = { effectiveFrom: day('2026-01-01'), effectiveTo: day('2026-06-01') }

test.each([
  ['2025-12-31', 0],
  ['2026-01-01', 1],
  ['2026-05-31', 1],
  ['2026-06-01', 0],
])('a rule from 1 January to before 1 June, on %s: %i', (today, count) => {
  expect(rulesFor(alone(until), subject(today))).toHaveLength(count)
  expect(ruleOn(alone(until), 'CN-MATCH', day(today)) === null).toBe(count === 0)
  expect(packInForce(alone({}, until), subject(today))).toBe(count === 1)
  // A live pack without a rule in force judges nothing; one for evaluation may have none.
  expect(packInForce(alone(until), subject(today))).toBe(count === 1)
  expect(packInForce(alone(until, { mode: 'evaluation' }), subject(today))).toBe(true)
})

test.each([
  ['push', 'push', 1],
  ['push', 'self-initiated', 0],
  ['self-initiated', 'push', 0],
  ['self-initiated', 'self-initiated', 1],
  ['both', 'push', 1],
  ['both', 'self-initiated', 1],
] as const)('a rule of scope %s for %s: %i', (scope, initiation, count) => {
  expect(rulesFor(alone({ scope }), subject('2026-05-08', initiation))).toHaveLength(count)
})

test('a pack that only warns judges nothing: somebody must be blocked by something', () => {
  expect(packInForce(alone({ effect: 'warn', scope: 'both' }), subject('2026-05-08'))).toBe(false)
  expect(packInForce(alone({ effect: 'non-personal' }), subject('2026-05-08'))).toBe(false)
})

test('of two versions of a rule, the one of the day is found', () => {
  const [first] = alone({ effectiveTo: day('2026-03-01') }).rules
  const [second] = alone({ effectiveFrom: day('2026-03-01'), source: 'the later one' }).rules
  if (first === undefined || second === undefined) throw new Error('each has a rule')
  const both = { ...cn, rules: [first, second] }
  expect(ruleOn(both, 'CN-MATCH', day('2026-02-28'))).toBe(first)
  expect(ruleOn(both, 'CN-MATCH', day('2026-03-01'))).toBe(second)
  expect(ruleOn(both, 'CN-OTHER', day('2026-03-01'))).toBeNull()
})
