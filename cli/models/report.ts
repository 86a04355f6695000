import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { folders } from '../../serving/home.js'
import { pageFile, pageOf, writePage } from '../../serving/models/report/write.js'
import { withTrainingHome } from '../open.js'
import { type Common, withCommon } from '../options.js'
import { Failure, print } from '../output.js'

type Options = Common & { readonly out?: string }

const clock = (): number => performance.now()

/** `aptus models report`: a run as one page, made anew with the gates as they stand now. */
export const reportCommand = (): Command =>
  withCommon(
    new Command('report')
      .argument('<run>', 'its id')
      .description('a run as one page in HTML: metrics, gates, segments, exposure, slates, model card, lineage'),
  )
    .option('--out <file>', `where it is written; default: ${pageFile} in the folder of the run`)
    .action(async (id: string, { data, json, out }: Options) => {
      const page = await withTrainingHome(data, async (home) => {
        if (out === undefined) return writePage(home, id, Date.now(), clock)
        return pageOf(home, id, Date.now(), clock)
      })
      if (out !== undefined && page !== undefined)
        await writeFile(out, page).catch((cause: unknown) => {
          throw new Failure('the page cannot be written: name a file in a directory that is there', { cause })
        })
      const file = out ?? join(data, folders.runs, id, pageFile)
      print(json, { run: id, file }, () => file)
    })
