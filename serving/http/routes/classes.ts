import { z } from 'zod'
import { textOf } from '../../../engine/explanation/texts.js'
import { type ClassRequest } from '../../../engine/professional.js'
import { type Service } from '../../service.js'
import { answer, inLanguage } from '../answer.js'
import { ClassChangeAnswer, type ClassChangeRequest, ClassChangeShown } from '../assessmentSchemas.js'
import { plainJson } from '../plainJson.js'
import { problem } from '../problems.js'
import { type Contract } from '../contract/contract.js'
import { readingEntry } from '../recordedReads.js'
import { type Asked, type Handlers } from '../route.js'

export function classRoutes(service: Service): Handlers<'changeClass' | 'showClassChange'> {
  return {
    changeClass: async ({ firmId, language, path: { id: investorId }, body }) => {
      const { approvedBy } = body
      const given = await service.changeClass({ firmId, investorId, request: requestOf(body), approvedBy })
      if ('unknownInvestor' in given) return problem('unknown-investor', language)
      const { changeId, at, granted, investorClass, source } = given
      const reasons = given.reasons.map((coded) => ({ code: coded.code, text: textOf(coded, language) }))
      const shown = { changeId, at, granted, investorClass, source, reasons }
      return inLanguage(200, z.encode(ClassChangeAnswer, shown), language)
    },
    showClassChange: readingEntry<Asked<Contract['showClassChange']>>(
      service,
      'showClassChange',
      async ({ firmId, language, path: { id } }) => {
        const found = await service.classChange(firmId, id)
        if (found === null) return problem('unknown-record', language)
        const { index, entry, facts } = found
        return answer(200, z.encode(ClassChangeShown, { ledgerIndex: index, entry, facts: plainJson(facts) }))
      },
    ),
  }
}

function requestOf(body: z.output<typeof ClassChangeRequest>): ClassRequest {
  if (body.to === 'ordinary') return { to: 'ordinary' }
  const { by, evidence, approve } = body
  return { to: 'professional', by, evidence, approve }
}
