import { writeFile } from 'node:fs/promises'
import { Command, InvalidArgumentError } from 'commander'
import { type Language } from '../../engine/explanation/texts.js'
import { DecisionId, ProductId } from '../../features/schema/ids.js'
import { withService } from '../open.js'
import { Failure, print } from '../output.js'
import { idOf, type Options, withFirm } from './options.js'
import { languageOption } from './why.js'
import { readBy } from '../operator.js'

type ReportOptions = Options & {
  readonly out: string
  readonly product: readonly string[]
  readonly language: Language
}

async function report(text: string, { data, json, firm, out, product, language }: ReportOptions): Promise<void> {
  const id = idOf(DecisionId, text, 'decision')
  const products = product.map((one) => idOf(ProductId, one, 'product'))
  const page = await withService(data, async (service) => {
    const made = await service.audit.report(firm, id, { language, products })
    await service.privacy.reads.ofEntry(readBy(firm, 'audit report'), id)
    return made
  })
  if (page === null) throw new Failure(`no decision ${id} was recorded for firm ${firm}`)
  await writeFile(out, page)
  print(json, { decisionId: id, report: out }, () => `the report of decision ${id} is in ${out}`)
}

const htmlFile = (text: string): string => {
  if (text.endsWith('.html')) return text
  throw new InvalidArgumentError('want a name that ends in .html')
}

export const reportCommand = (): Command =>
  withFirm(
    new Command('report').argument('<decision>').description('a decision on one page of HTML, to print or hand on'),
  )
    .requiredOption('--out <file>', 'a file that ends in .html', htmlFile)
    .option('--product <id...>', 'why, or why not, of these too', [])
    .addOption(languageOption())
    .action(report)
