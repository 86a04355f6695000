import { Command } from 'commander'
import { InvestorId } from '../../features/schema/ids.js'
import { personalDataShown } from '../../serving/http/personalDataShown.js'
import { idOf, type Options, withFirm } from '../audit/options.js'
import { withService } from '../open.js'
import { readBy } from '../operator.js'
import { Failure, print, progress } from '../output.js'
import { withAnswers } from './keptAnswers.js'

/** One JSON document on stdout, with --json and without. */
async function exportInvestor(text: string, { data, firm }: Options): Promise<void> {
  const id = idOf(InvestorId, text, 'investor')
  const bar = progress()
  const shown = await withService(data, async ({ audit, privacy }) => {
    await audit.entries.catchUp((done, total) => {
      if (total > done) bar.update('entries taken into the search', done, total)
    })
    const held = await privacy.personalData(readBy(firm, 'investors export'), id)
    if (held === null) throw new Failure(`nothing is held on an investor ${id} of firm ${firm}`)
    return withAnswers(data, async (answers) => personalDataShown(held, await answers.about(firm, id)))
  }).finally(bar.stop)
  print(true, shown, () => '')
}

export const exportCommand = (): Command =>
  withFirm(
    new Command('export')
      .argument('<id>')
      .description('everything that is held on an investor, as JSON, for his request to see it; the read is recorded'),
  ).action((id: string, options: Options) => exportInvestor(id, options))
