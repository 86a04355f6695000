import { z } from 'zod'
import { type Language } from '../../../engine/explanation/texts.js'
import { type Contradiction, type Questionnaire } from '../../../engine/questionnaire/questionnaire.js'
import { type AnswerFault } from '../../../engine/questionnaire/score.js'
import { type Assessed } from '../../assessmentService.js'
import { type Service } from '../../service.js'
import { answer, inLanguage } from '../answer.js'
import { AssessmentAnswer, AssessmentShown } from '../assessmentSchemas.js'
import { rematchInWords } from '../findingsInWords.js'
import { invalid } from '../invalid.js'
import { plainJson } from '../plainJson.js'
import { problem } from '../problems.js'
import { type Contract } from '../contract/contract.js'
import { readingEntry } from '../recordedReads.js'
import { type Asked, type Handlers } from '../route.js'

type Names = 'showQuestionnaire' | 'assess' | 'showAssessment'

export function assessmentRoutes(service: Service): Handlers<Names> {
  return {
    showQuestionnaire: ({ language, path: { version } }) => {
      const found = service.questionnaire(version)
      return found === null
        ? problem('unknown-questionnaire', language)
        : inLanguage(200, questionsIn(found, language), language)
    },
    assess: async ({ firmId, language, path: { id: investorId }, body: { questionnaireVersion, answers } }) => {
      const listed = Object.entries(answers).map(([id, chosen]) => [id, typeof chosen === 'string' ? [chosen] : chosen])
      const asked = { firmId, investorId, questionnaireVersion, answers: Object.fromEntries(listed) as Listed }
      const given = await service.assess(asked)
      if ('unknownInvestor' in given) return problem('unknown-investor', language)
      if (!('refused' in given))
        return inLanguage(200, z.encode(AssessmentAnswer, assessedIn(given, language)), language)
      switch (given.refused) {
        case 'unknown-questionnaire':
          return invalid(
            [{ in: 'body', pointer: '/questionnaireVersion', message: 'there is no such version' }],
            language,
          )
        case 'unscorable':
          return invalid(given.faults.map(inBody), language)
        case 'contradictory':
          return problem('contradictory-answers', language, {
            contradictions: given.contradictions.map((each) => ({ ...noted(each, language), blocking: each.blocking })),
          })
        case 'too-many':
          return problem('too-many-assessments', language, {
            limit: given.limit,
            most: given.most,
            againFrom: given.againFrom,
          })
      }
    },
    showAssessment: readingEntry<Asked<Contract['showAssessment']>>(
      service,
      'showAssessment',
      async ({ firmId, language, path: { id } }) => {
        const found = await service.assessment(firmId, id)
        if (found === null) return problem('unknown-record', language)
        const { index, entry, facts } = found
        return answer(200, z.encode(AssessmentShown, { ledgerIndex: index, entry, facts: plainJson(facts) }))
      },
    ),
  }
}

type Listed = Record<string, string[]>

const questionsIn = ({ version, digest, title, questions }: Questionnaire, language: Language) => ({
  version,
  digest,
  title: title[language],
  questions: questions.map(({ id, text, select, options }) => ({
    id,
    text: text[language],
    select,
    options: options.map((option) => ({ id: option.id, text: option.text[language], alone: option.alone === true })),
  })),
})

const noted = ({ id, between, text }: Contradiction, language: Language) => ({
  id,
  between: [...between] as [string, string],
  text: text[language],
})

const assessedIn = (given: Assessed, language: Language) => {
  const { assessmentId, at, level, expiresOn, contradictions, rematched, pack } = given
  return {
    assessmentId,
    at,
    level,
    expiresOn,
    contradictions: contradictions.map((each) => noted(each, language)),
    rematch: rematchInWords(rematched, pack, language),
  }
}

const messages: Readonly<Record<AnswerFault['code'], string>> = {
  'unknown-question': 'the questionnaire has no such question: leave it out',
  unanswered: 'not answered: name one of its options',
  'unknown-option': 'not an option of this question',
  'takes-one': 'takes one answer',
  'stands-alone': 'an option that stands alone was chosen with others',
}
const inBody = ({ questionId, code }: AnswerFault) => ({
  in: 'body' as const,
  pointer: `/answers/${questionId.replaceAll('~', '~0').replaceAll('/', '~1')}`,
  message: messages[code],
})
