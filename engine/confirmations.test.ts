import fc from 'fast-check'
import { type Digest } from '../features/schema/ids.js'
import { account, accountOfLowest, at, check, pack } from '../tests/purchaseCase.js'
import {
  confirm,
  type ConfirmationRefusal,
  type Dialogue,
  standingOf,
  textDigestOf,
  wantsTheSame,
} from './confirmations.js'

const dialogueOf = (given: ReturnType<typeof check>): Dialogue => ({ ...given, confirmedAt: [] })
/** Six steps, of which the fifth wants five minutes. */
const wholeCheck = check(account('C2'), 'R5')
const whole = dialogueOf(wholeCheck)
const other = `sha256:${'0'.repeat(64)}` as Digest
const minute = 60_000
const hour = 60 * minute

type Call = { readonly step: string | number; readonly at: number; readonly digest?: Digest }
const stepAt = (dialogue: Dialogue, step: string | number) =>
  typeof step === 'number' ? dialogue.steps[step] : dialogue.steps.find(({ stepId }) => stepId === step)
const said = (dialogue: Dialogue, { step, at: after, digest }: Call) => {
  const named = stepAt(dialogue, step)
  const stepId = named?.stepId ?? String(step)
  return confirm(dialogue, { stepId, textDigest: digest ?? named?.textDigest ?? other, at: at + after })
}
/** Goes through calls that must be accepted. */
const after = (calls: readonly Call[], dialogue = whole): Dialogue =>
  calls.reduce((so, call) => {
    const given = said(so, call)
    if ('refused' in given) throw new Error(`${call.step}: ${given.refused}`)
    return given.dialogue
  }, dialogue)

const steps = [
  'unsuitability-notice',
  'special-risk-warning',
  'insist',
  'high-risk-information',
  'time-to-think',
  'inform',
]
const inTime: readonly Call[] = [0, 1, 2, 3, 4, 5].map((step) => ({ step, at: (step + 1) * 6 * minute }))

test('all steps in their order, then he may buy, until the check expires', () => {
  expect(whole.steps.map(({ stepId }) => stepId)).toEqual(steps)
  for (let confirmed = 0; confirmed < steps.length; confirmed++) {
    const standing = standingOf(after(inTime.slice(0, confirmed)), at + confirmed * 6 * minute + 1)
    expect(standing).toMatchObject({ state: 'open', next: { step: { stepId: steps[confirmed] } } })
  }
  const done = after(inTime)
  expect(standingOf(done, at + 36 * minute)).toEqual({ state: 'permitted', next: null })
  expect(standingOf(done, at + hour - 1).state).toBe('permitted')
  expect(standingOf(done, at + hour).state).toBe('expired')
})

test.each<[string, number, Call, ConfirmationRefusal]>([
  ['a later step first', 0, { step: 1, at: 1 }, 'wrong-step'],
  ['the last step first', 0, { step: 5, at: 1 }, 'wrong-step'],
  ['a step that nobody asked for', 0, { step: 'lockup-notice', at: 1 }, 'wrong-step'],
  ['another text', 0, { step: 0, at: 1, digest: other }, 'text-changed'],
  ['the text of another step', 0, { step: 0, at: 1, digest: whole.steps[1]!.textDigest }, 'text-changed'],
  ['the same step again', 1, { step: 0, at: 7 * minute }, 'already-confirmed'],
  ['the same step again with another text', 1, { step: 0, at: 7 * minute, digest: other }, 'text-changed'],
  ['before there was time to think', 4, { step: 4, at: 24 * minute + 5 * minute - 1 }, 'too-early'],
  ['when the time is over', 3, { step: 3, at: hour }, 'expired'],
  ['the same step again when the time is over', 1, { step: 0, at: hour }, 'expired'],
  ['after the last step', 6, { step: 5, at: 40 * minute }, 'already-confirmed'],
])('refused: %s', (_, confirmed, call, refused) => {
  expect(said(after(inTime.slice(0, confirmed)), call)).toEqual({ refused })
})

test('time to think runs from the step before, to the millisecond', () => {
  const so = after(inTime.slice(0, 4))
  const notBefore = at + 24 * minute + 5 * minute
  expect(standingOf(so, at + 25 * minute).next).toMatchObject({ step: { stepId: 'time-to-think' }, notBefore })
  expect(said(so, { step: 4, at: notBefore - at })).toHaveProperty('dialogue')
})

test('of the first step the wait runs from the check', () => {
  const [first] = whole.steps
  const slow = { ...whole, steps: [{ ...first!, waitSeconds: 60 }] }
  expect(said(slow, { step: 0, at: minute - 1 })).toEqual({ refused: 'too-early' })
  expect(said(slow, { step: 0, at: minute })).toHaveProperty('dialogue')
})

test('what is blocked, and what needs none, takes no confirmation', () => {
  const blocked = dialogueOf(check(accountOfLowest(), 'R5'))
  expect(standingOf(blocked, at)).toEqual({ state: 'blocked', next: null })
  expect(said(blocked, { step: 'inform', at: 1 })).toEqual({ refused: 'blocked' })
  const silent = { ...pack, rules: pack.rules.filter(({ effect }) => effect !== 'warn') }
  const permitted = dialogueOf(check(account('C2'), 'R5', { pack: silent }))
  expect(standingOf(permitted, at).state).toBe('permitted')
  expect(standingOf(permitted, at + hour).state).toBe('expired')
  expect(said(permitted, { step: 'inform', at: 1 })).toEqual({ refused: 'no-confirmations' })
})

test('whatever the calls: permitted only after every step, in its order, in its time, with its text', () => {
  const anyCall = fc.record({
    step: fc.oneof({ weight: 5, arbitrary: fc.nat(5) }, { weight: 1, arbitrary: fc.constant('lockup-notice') }),
    wait: fc.oneof(fc.nat(minute), fc.nat(12 * minute)),
    isRight: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    isNext: fc.boolean(),
  })
  let permitted = 0
  fc.assert(
    fc.property(fc.array(anyCall, { minLength: 4, maxLength: 24 }), (calls) => {
      let [so, now] = [whole, 0]
      const accepted: { step: number; at: number }[] = []
      for (const { step, wait, isRight, isNext } of calls) {
        now += wait
        const named = isNext ? so.confirmedAt.length : step
        const given = said(so, { step: named, at: now, ...(isRight ? {} : { digest: other }) })
        if ('refused' in given) continue
        expect(isRight).toBe(true)
        accepted.push({ step: Number(named), at: at + now })
        so = given.dialogue
      }
      expect(accepted.map(({ step }) => step)).toEqual(accepted.map((_, place) => place))
      expect(so.confirmedAt).toEqual(accepted.map((each) => each.at))
      for (const [place, each] of accepted.entries()) {
        const since = accepted[place - 1]?.at ?? at
        expect(each.at - since).toBeGreaterThanOrEqual((whole.steps[place]?.waitSeconds ?? 0) * 1000)
        expect(each.at).toBeLessThan(whole.expiresAt)
      }
      const { state } = standingOf(so, at + now)
      if (state === 'permitted') permitted += 1
      expect(state === 'permitted').toBe(accepted.length === steps.length && at + now < whole.expiresAt)
    }),
    { numRuns: 2000, seed: 4 },
  )
  expect(permitted).toBeGreaterThan(20)
})

describe('texts', () => {
  test('a digest is of step and both languages, so that any change is another text', () => {
    const messages = { 'zh-CN': '文', en: 'text' }
    const digests = [
      textDigestOf('a', messages),
      textDigestOf('b', messages),
      textDigestOf('a', { ...messages, en: 'Text' }),
      textDigestOf('a', { ...messages, 'zh-CN': '字' }),
      textDigestOf('a', { 'zh-CN': '文text', en: '' }),
    ]
    expect(new Set(digests).size).toBe(digests.length)
    expect(textDigestOf('a', { ...messages })).toBe(digests[0])
  })

  test('texts of the pack and values of the rule that asks for the step are filled in', () => {
    const named = {
      ...pack,
      confirmations: pack.confirmations.map((step) =>
        step.id === 'insist'
          ? {
              ...step,
              messages: {
                'zh-CN': 'R{product.riskLevel}：{text.reassess}',
                en: 'R{product.riskLevel}, {text.reassess}',
              },
            }
          : step,
      ),
    }
    const step = check(account('C2'), 'R3', { pack: named }).steps.find(({ stepId }) => stepId === 'insist')
    expect(step?.messages).toEqual({ 'zh-CN': 'R3：请重新进行风险测评。', en: 'R3, Take the risk assessment again.' })
    expect(step?.textDigest).not.toBe(whole.steps[2]?.textDigest)
  })

  test('a step that two rules want comes once, at the place of the first', () => {
    const twice = {
      ...pack,
      rules: pack.rules.map((rule) =>
        rule.id === 'CN-HIGH' ? { ...rule, confirmations: ['insist', 'inform'] } : rule,
      ),
    }
    expect(check(account('C2'), 'R5', { pack: twice }).steps.map(({ stepId }) => stepId)).toEqual([
      ...steps.slice(0, 3),
      'inform',
    ])
  })
})

test('a check made anew wants the same, or the dialogue does not go on', () => {
  const judged = (level: 'R3' | 'R5', who = account('C2')) => check(who, level)
  expect(wantsTheSame(wholeCheck, judged('R5'))).toBe(true)
  expect(wantsTheSame(wholeCheck, judged('R3'))).toBe(false)
  expect(wantsTheSame(wholeCheck, judged('R5', account('C5')))).toBe(false)
  expect(wantsTheSame(wholeCheck, { ...judged('R5'), verdict: 'block' })).toBe(false)
  const reworded = whole.steps.map((step, place) => (place === 5 ? { ...step, textDigest: other } : step))
  const slower = whole.steps.map((step, place) => (place === 4 ? { ...step, waitSeconds: 600 } : step))
  for (const changed of [reworded, slower])
    expect(wantsTheSame(wholeCheck, { ...wholeCheck, steps: changed })).toBe(false)
})

test('and for the same reasons: who was warned of an R3 has not confirmed an R4', () => {
  const [r3, r4] = [check(account('C2'), 'R3'), check(account('C2'), 'R4')]
  expect(stepIdsOf(r4)).toEqual(stepIdsOf(r3))
  expect(wantsTheSame(r3, r4)).toBe(false)
  expect(wantsTheSame(check(account('C2'), 'R4'), check(account('C1'), 'R4'))).toBe(false)
  // A record gives the params back in an order of its own.
  const warnings = r3.warnings.map(({ params, ...finding }) => ({
    ...finding,
    params: Object.fromEntries(Object.entries(params).reverse()),
  }))
  expect(wantsTheSame({ ...r3, warnings }, r3)).toBe(true)
})

const stepIdsOf = ({ steps: wanted }: { readonly steps: Dialogue['steps'] }) => wanted.map(({ stepId }) => stepId)
