import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Questionnaire } from '../engine/questionnaire/questionnaire.js'
import { readQuestionnaire } from '../engine/questionnaire/readQuestionnaire.js'
import { type Blobs } from '../storage/blobs.js'
import { ConfigurationError } from './configuration.js'

export type Questionnaires = ReadonlyMap<string, Questionnaire>

/**
 * Every questionnaire of a folder, by version. Their bytes are kept under their digest, so that an assessment can be
 * scored again. Throws `LocatedError` for a file at fault, and where two have the same version.
 */
export async function openQuestionnaires(folder: string, blobs: Blobs | null): Promise<Questionnaires> {
  const found = new Map<string, Questionnaire>()
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort()
  for (const name of names) {
    const bytes = await readFile(join(folder, name))
    const questionnaire = readQuestionnaire(bytes, name)
    if (found.has(questionnaire.version))
      throw new ConfigurationError(
        `${name}: version ${questionnaire.version} is taken by another file; give it a new one`,
      )
    await blobs?.put(bytes)
    found.set(questionnaire.version, questionnaire)
  }
  return found
}
