import { Command } from 'commander'
import { DecisionId, ProductId } from '../../features/schema/ids.js'
import { type Why } from '../../serving/audit/auditService.js'
import { withService } from '../open.js'
import { Failure, print } from '../output.js'
import { idOf, type Options, withFirm } from './options.js'

async function why(decision: string, product: string, { data, json, firm }: Options): Promise<void> {
  const id = idOf(DecisionId, decision, 'decision')
  const productId = idOf(ProductId, product, 'product')
  const found = await withService(data, async (service) => {
    if ((await service.audit.decision(firm, id)) === null)
      throw new Failure(`no decision ${id} was recorded for firm ${firm}`)
    return service.audit.why(firm, id, productId, 'en')
  })
  if (found === null) throw new Failure(`the catalogue of decision ${id} had no product ${productId}`)
  if (found === 'erased')
    throw new Failure(`the inputs of decision ${id} were erased with the person; the entry stands and verifies`)
  print(json, found, () => whyInWords(found))
}

const whyInWords = ({ productId, summary, findings }: Why): string =>
  [
    `${productId}: ${summary}`,
    ...findings.flatMap(({ ruleId, text, source, remedy }) => [
      `  ${ruleId}: ${text} [${source}]`,
      ...(remedy === null ? [] : [`    ${remedy}`]),
    ]),
  ].join('\n')

export const whyCommand = (): Command =>
  withFirm(
    new Command('why')
      .argument('<decision>')
      .argument('<product>')
      .description('why a product was, or was not, recommendable'),
  ).action(why)
