import { type RecordedAssessment, type RecordedChange } from '../audit/investorRecords.js'
import { formatInstant } from '../features/schema/time.js'

/** An assessment or a change of class as recorded, for a reader. */
export const sealedInWords = ({ index, entry, facts }: RecordedAssessment | RecordedChange): string =>
  [
    `${entry.type} ${entry.type === 'assessment' ? entry.assessmentId : entry.changeId}, entry ${index} of the ledger, ${formatInstant(entry.at)}`,
    ...(entry.type === 'assessment'
      ? [`questionnaire ${entry.questionnaire.version}, ${entry.questionnaire.digest}`]
      : []),
    `rule pack ${entry.packDigest}`,
    `person ${entry.pseudonym}, commitment ${entry.commitment}`,
    facts === 'erased' ? 'facts: erased with the person’s key' : `facts: ${JSON.stringify(facts)}`,
  ].join('\n')
