import { addMonths, localDate } from '../../features/definitions/calendar.js'
import {
  at,
  each,
  holds,
  initiations,
  judged,
  market,
  ordinals,
  permittedIn,
  someNames,
  without,
} from '../../tests/lawMarket.js'
import { randomFirmPack } from '../../tests/randomFirmPack.js'
import { randomPurchase } from '../../tests/randomMarket.js'
import { type Subject } from './inputs.js'
import { type Pack } from './pack.js'
import { extendPack } from './readPack.js'
import { referenceOf } from './reference.js'
import { compileInputs, type Verdicts, whyNot, whyWarned } from './verdicts.js'

/** Rules that name levels one by one are no risk rules: the negative target market may be the bold alone. */
const namesLevels = ({ permits }: Pack['rules'][number]): boolean =>
  permits.names.some(({ field }) => field === 'negativeLevels')

test.each(each)('%s: raising the tolerance, all else equal, never removes a product under a risk rule', (_, pack) => {
  const risk = { ...pack, rules: pack.rules.filter((rule) => !namesLevels(rule)) }
  let added = 0
  holds((seed) => {
    const { subjectFor, inputsFor } = market(seed)
    const compiled = compileInputs(inputsFor(pack), risk)
    for (const initiation of initiations) {
      const subject = subjectFor(pack, initiation)
      let below: Verdicts | null = null
      for (const riskLevel of [null, 1, 2, 3, 4, 5]) {
        const verdicts = compiled.judge({ ...subject, investor: { ...subject.investor, riskLevel } })
        for (const ordinal of below === null ? [] : ordinals)
          expect(without(whyNot(verdicts, ordinal), whyNot(below ?? verdicts, ordinal))).toEqual([])
        added += verdicts.permittedCount - (below?.permittedCount ?? verdicts.permittedCount)
        below = verdicts
      }
    }
  })
  expect(added).toBeGreaterThan(0)
})

test.each(each)('%s: a rule or a term of a firm never adds a product, and takes no warning away', (_, pack) => {
  let removed = 0
  holds((seed) => {
    const { random, subjectFor, inputsFor } = market(seed)
    const inputs = inputsFor(pack)
    const firm = extendPack(pack, randomFirmPack(random, pack, inputs, subjectFor(pack, 'push')))
    for (const initiation of initiations) {
      const purchase = randomPurchase(random)
      const before = judged(pack, inputs, subjectFor(pack, initiation, purchase))
      const after = judged(firm, inputs, subjectFor(firm, initiation, purchase))
      expect(without(permittedIn(after), permittedIn(before))).toEqual([])
      for (const ordinal of ordinals)
        expect(without(whyWarned(before, ordinal), [...whyWarned(after, ordinal), ...whyNot(after, ordinal)])).toEqual(
          [],
        )
      removed += before.permittedCount - after.permittedCount
    }
  })
  expect(removed).toBeGreaterThan(0)
})

test.each(each)('%s: before its dates and after them a pack serves nothing', (_, pack) => {
  const today = localDate(at, pack.timeZone)
  const inForce = { ...pack, effectiveTo: addMonths(today, 1) }
  const out = [
    { ...pack, effectiveTo: today },
    { ...pack, effectiveTo: addMonths(today, -7) },
    { ...pack, effectiveFrom: addMonths(today, 1) },
  ]
  const references = out.map(referenceOf)
  let permitted = 0
  holds((seed) => {
    const { subjectFor, inputsFor } = market(seed)
    const inputs = inputsFor(pack)
    for (const initiation of initiations) {
      const subject = subjectFor(pack, initiation)
      permitted += judged(inForce, inputs, subject).permittedCount
      for (const expired of out) expect(judged(expired, inputs, subject).permittedCount).toBe(0)
      for (const reference of references)
        expect(inputs.filter((product) => reference.findings(product, subject).length === 0)).toEqual([])
    }
  }, 20)
  expect(permitted).toBeGreaterThan(0)
})

/** A purchase that no limit stands against. */
const harmless = { amountMinor: Number.MAX_SAFE_INTEGER, amountTodayMinor: 0, positionBps: 0 }

test.each(each)('%s: what may be recommended may be bought, after confirmations at most', (_, pack) => {
  let recommendable = 0
  holds((seed) => {
    const { random, subjectFor, inputsFor } = market(seed)
    const inputs = inputsFor(pack)
    const compiled = compileInputs(inputs, pack)
    const [push, own] = [subjectFor(pack, 'push'), subjectFor(pack, 'self-initiated', harmless)]
    for (const name of [null, ...someNames(random, pack)]) {
      const forget = ({ investor, ...others }: Subject): Subject =>
        name?.entity === 'investor'
          ? { ...others, investor: { ...investor, [name.field]: null } }
          : { ...others, investor }
      const recommended = permittedIn(compiled.judge(forget(push)))
      const verdicts = compiled.judge(forget(own))
      expect(recommended.map((ordinal) => [name?.field, whyNot(verdicts, ordinal)])).toEqual(
        recommended.map(() => [name?.field, []]),
      )
      recommendable += recommended.length
    }
  })
  expect(recommendable).toBeGreaterThan(0)
})
