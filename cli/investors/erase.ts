import { Command } from 'commander'
import { InvestorId } from '../../features/schema/ids.js'
import { type Erased } from '../../serving/erase.js'
import { eraseWithAnswers, erasureShown } from '../../serving/http/personalDataShown.js'
import { formatInstant } from '../../features/schema/time.js'
import { idOf, type Options, withFirm } from '../audit/options.js'
import { withService } from '../open.js'
import { Failure, print } from '../output.js'
import { withAnswers } from './keptAnswers.js'

async function erase(text: string, { data, json, firm }: Options): Promise<void> {
  const id = idOf(InvestorId, text, 'investor')
  const erased = await withService(data, (service) =>
    withAnswers(data, (answers) => eraseWithAnswers(service, answers, firm, id)),
  )
  if (erased === null) throw new Failure(`nothing is held on an investor ${id} of firm ${firm}`)
  const shown = { ...erasureShown(erased), at: formatInstant(erased.at) }
  print(json, shown, () => inWords(id, erased))
}

const inWords = (id: string, { entryId, runs, releases }: Erased): string =>
  [
    `${id} is erased; entry ${entryId} of the ledger says so, under a pseudonym that leads to nobody`,
    ...(runs.length + releases.length === 0
      ? ['no model had learnt from him']
      : [
          'had learnt from him, and hold no id of his; train again to be without it:',
          ...[...runs, ...releases].map((name) => `  ${name}`),
        ]),
  ].join('\n')

export const eraseCommand = (): Command =>
  withFirm(
    new Command('erase')
      .argument('<id>')
      .description('erases an investor everywhere, and names the models that had learnt from him; cannot be undone'),
  ).action((id: string, options: Options) => erase(id, options))
