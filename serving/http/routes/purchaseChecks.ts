import { z } from 'zod'
import { type Standing } from '../../../engine/confirmations.js'
import { wordsOfFinding } from '../../../engine/explanation/findingWords.js'
import { type Language, textOf } from '../../../engine/explanation/texts.js'
import { type Pack } from '../../../engine/suitability/pack.js'
import { type Finding } from '../../../engine/suitability/reference.js'
import { ruleOn } from '../../../engine/suitability/rulesFor.js'
import { localDate } from '../../../features/definitions/calendar.js'
import { type Instant, type LocalDate } from '../../../features/schema/time.js'
import { type PurchaseChecked, type PurchaseConfirmed } from '../../purchaseService.js'
import { type Service } from '../../service.js'
import { answer, inLanguage } from '../answer.js'
import { type Metrics } from '../appMetrics.js'
import { problemOf } from '../confirmationProblems.js'
import { invalid } from '../invalid.js'
import { plainJson } from '../plainJson.js'
import { problem } from '../problems.js'
import { ConfirmationAnswer, PurchaseCheckAnswer, PurchaseCheckShown, StandingAnswer } from '../purchaseSchemas.js'
import { refusals } from '../refusals.js'
import { type Contract } from '../contract/contract.js'
import { readingEntry } from '../recordedReads.js'
import { type Asked, type Handlers } from '../route.js'

type Names = 'checkPurchase' | 'confirmPurchase' | 'purchaseStanding' | 'showPurchaseCheck'

const otherCurrency = { in: 'body', pointer: '/amount/currency', message: 'not the currency of the product' } as const
const noAmount = { in: 'body', pointer: '/amount/minor', message: 'want more than nothing' } as const

export function purchaseCheckRoutes(service: Service, metrics: Metrics): Handlers<Names> {
  return {
    checkPurchase: async ({ firmId, language, body }) => {
      const given = await service.checkPurchase({ firmId, ...body })
      if ('unknownInvestor' in given) return problem('unknown-investor', language)
      if ('fault' in given) {
        if (given.fault === 'unknown-product') return problem('unknown-product', language)
        return invalid([given.fault === 'other-currency' ? otherCurrency : noAmount], language)
      }
      metrics.purchaseChecks.add(1, { verdict: given.check.verdict })
      return inLanguage(200, z.encode(PurchaseCheckAnswer, checkedIn(given, language)), language)
    },
    confirmPurchase: async ({ firmId, language, path: { id }, body }) => {
      const given = await service.confirmPurchase({ firmId, checkId: id, ...body })
      if (given === 'unknown-check') return problem('unknown-purchase-check', language)
      if (given === 'erased') return problem('investor-erased', language)
      if ('unknownInvestor' in given) return problem('unknown-investor', language)
      const standing = z.encode(ConfirmationAnswer, { checkId: id, ...standsAt(given) })
      if (given.refused === null) return inLanguage(200, standing, language)
      return problem(problemOf[given.refused], language, standing, retryAfter(given))
    },
    purchaseStanding: async ({ firmId, language, path: { id } }) => {
      const given = await service.purchaseStanding(firmId, id)
      if (given === 'unknown-check') return problem('unknown-purchase-check', language)
      if (given === 'erased') return problem('investor-erased', language)
      const stands = { checkId: id, ...standsAt(given) }
      return answer(
        200,
        z.encode(StandingAnswer, given.isChanged ? { ...stands, state: 'changed', next: null } : stands),
      )
    },
    showPurchaseCheck: readingEntry<Asked<Contract['showPurchaseCheck']>>(
      service,
      'showPurchaseCheck',
      async ({ firmId, language, path: { id } }) => {
        const found = await service.purchaseCheck(firmId, id)
        if (found === null) return problem('unknown-purchase-check', language)
        const confirmations = found.confirmations.map(({ index, entry }) => ({ ledgerIndex: index, entry }))
        return answer(200, z.encode(PurchaseCheckShown, { ...found, facts: plainJson(found.facts), confirmations }))
      },
    ),
  }
}

const nextOf = ({ next }: Standing) =>
  next === null ? null : { stepId: next.step.stepId, textDigest: next.step.textDigest, notBefore: next.notBefore }

function checkedIn({ checkId, check, standing, pack }: PurchaseChecked, language: Language) {
  const today = localDate(check.at, pack.timeZone)
  const { at, request, verdict, expiresAt, costs } = check
  const { purchase, redemptionTiers, switching } = costs
  return {
    checkId,
    at,
    ...request,
    verdict,
    state: standing.state,
    next: nextOf(standing),
    expiresAt,
    findings: check.findings.map((finding) => worded(finding, pack, today, language)),
    warnings: check.warnings.map((finding) => worded(finding, pack, today, language)),
    steps: check.steps.map(({ messages, ...step }) => ({ ...step, text: messages[language] })),
    costs: { purchase, redemptionTiers: [...redemptionTiers], switching: [...switching] },
    disclosures: check.disclosures.map((coded) => ({ code: coded.code, text: textOf(coded, language) })),
  }
}

/** Where a rule about the investor alone lacks something, it is said as a refusal says it. */
function worded(finding: Finding, pack: Pack, today: LocalDate, language: Language) {
  const named = ruleOn(pack, finding.ruleId, today)?.refusal
  const refusal = (finding.code === 'missing' ? named?.missing : named?.blocked) ?? null
  const words = wordsOfFinding(finding, pack, today, language)
  const text = refusal !== null && finding.code === 'missing' ? refusals[refusal].title[language] : words.text
  return { ...finding, ...words, text, refusal }
}

function standsAt({ dialogue, standing }: Pick<PurchaseConfirmed, 'dialogue' | 'standing'>) {
  const { expiresAt, steps, confirmedAt } = dialogue
  return {
    state: standing.state,
    next: nextOf(standing),
    expiresAt,
    confirmed: confirmedAt.map((at: Instant, place) => ({ stepId: steps[place]?.stepId ?? '', at })),
  }
}

/** Whole seconds until the next step may be confirmed, where that is what it waits for. */
const retryAfter = ({ refused, standing, at }: PurchaseConfirmed): Readonly<Record<string, string>> =>
  refused === 'too-early' && standing.next !== null
    ? { 'Retry-After': String(Math.ceil((standing.next.notBefore - at) / 1000)) }
    : {}
