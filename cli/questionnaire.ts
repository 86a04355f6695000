import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Command } from 'commander'
import { mostPoints, type Questionnaire } from '../engine/questionnaire/questionnaire.js'
import { readQuestionnaire } from '../engine/questionnaire/readQuestionnaire.js'
import { forbiddenIn } from '../engine/suitability/forbiddenWords.js'
import { type Messages, type Pack } from '../engine/suitability/pack.js'
import { readPack } from '../engine/suitability/readPack.js'
import { packFile, readConfiguration } from '../serving/configuration.js'
import { openQuestionnaires } from '../serving/questionnaires.js'
import { type Common, withCommon } from './options.js'
import { print, UsageError } from './output.js'

async function questionnaireOf(file: string): Promise<Questionnaire> {
  try {
    return readQuestionnaire(await readFile(file), basename(file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new UsageError(`there is no file "${file}"`)
    throw error
  }
}

/** Words of a questionnaire that the pack forbids, with the text that holds each. */
const forbidden = ({ title, questions, contradictions }: Questionnaire, { forbiddenWords }: Pack): readonly string[] =>
  [title, ...questions.flatMap(({ text, options }) => [text, ...options.map((option) => option.text)])]
    .concat(contradictions.map(({ text }) => text))
    .flatMap((text: Messages) =>
      forbiddenIn(text, forbiddenWords).map((word) => `"${word}" must not stand in a text to an investor: ${text.en}`),
    )

async function check(file: string, { json }: Common): Promise<void> {
  const questionnaire = await questionnaireOf(file)
  const pack = await servingPack()
  const wrong = forbidden(questionnaire, pack)
  if (wrong.length > 0) throw new UsageError(wrong.map((each) => `${basename(file)}: ${each}`).join('\n'))
  print(json, questionnaire, () => inWords(questionnaire))
}

async function servingPack(): Promise<Pack> {
  const { packName } = readConfiguration(process.env)
  return readPack(await readFile(packFile(packName)), `${packName}.yaml`)
}

async function show(version: string | undefined, { json }: Common): Promise<void> {
  const all = await openQuestionnaires(readConfiguration(process.env).questionnaires, null)
  const shown = [...all.values()].filter((each) => version === undefined || each.version === version)
  if (shown.length === 0)
    throw new UsageError(`there is no questionnaire "${version ?? ''}"; there is ${[...all.keys()].join(', ')}`)
  print(json, shown, () => shown.map(inWords).join('\n\n'))
}

const inWords = (questionnaire: Questionnaire): string => {
  const { version, digest, title, source, questions, levels, contradictions } = questionnaire
  return [
    `${version}, ${digest}: ${title.en}, ${questions.length} questions, ${mostPoints(questionnaire)} points at most`,
    `levels: ${levels.map(({ level, fromPoints }) => `${level} from ${fromPoints}`).join(', ')}`,
    ...questions.flatMap(({ id, text, weight, select, options }) => [
      `  ${id} (weight ${weight}${select === 'many' ? ', several' : ''}): ${text.en}`,
      ...options.map(
        (option) =>
          `    ${option.id}, ${option.points} points${option.atMost === undefined ? '' : `, at most ${option.atMost}`}: ${option.text.en}`,
      ),
    ]),
    ...contradictions.map(
      ({ between, blocking }) => `  contradiction${blocking ? ', blocking' : ''}: ${between.join(' and ')}`,
    ),
    `source: ${source}`,
  ].join('\n')
}

export function questionnaireCommand(): Command {
  return new Command('questionnaire')
    .description('risk questionnaires')
    .addCommand(
      withCommon(
        new Command('check')
          .argument('<file>', 'a questionnaire in YAML')
          .description('tells every fault with line and column, and words that the pack forbids'),
      ).action(check),
    )
    .addCommand(
      withCommon(
        new Command('show')
          .argument('[version]', 'one of them; otherwise all')
          .description('the questionnaires that are served, with weights and levels'),
      ).action(show),
    )
}
