import { createHash } from 'node:crypto'
import { type Digest } from '../../features/schema/ids.js'
import { readYaml } from '../locatedYaml.js'
import { type Questionnaire, QuestionnaireText } from './questionnaire.js'
import { questionnaireFaults } from './questionnaireFaults.js'

/**
 * Reads a questionnaire from the bytes of its YAML; the digest is SHA-256 of those bytes. Throws `LocatedError` with line,
 * column and a sentence for every fault.
 */
export function readQuestionnaire(bytes: Uint8Array, file = 'questionnaire'): Questionnaire {
  const { value, where, fail } = readYaml(bytes, QuestionnaireText, file)
  const faults = questionnaireFaults(value)
  if (faults.length > 0) fail(faults.map(({ path, message }) => ({ ...where(path), message })))
  return { ...value, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest }
}
