import { Command } from 'commander'
import { type Language } from '../../engine/explanation/texts.js'
import { DecisionId, ProductId } from '../../features/schema/ids.js'
import { withService } from '../open.js'
import { print } from '../output.js'
import { idOf, type Options, withFirm } from './options.js'
import { answered, languageOption } from './why.js'

async function counterfactual(
  decision: string,
  product: string,
  { data, json, firm, language }: Options & { readonly language: Language },
): Promise<void> {
  const id = idOf(DecisionId, decision, 'decision')
  const productId = idOf(ProductId, product, 'product')
  const found = await withService(data, (service) =>
    answered(service.audit.counterfactual(firm, id, productId, language), {
      service,
      firm,
      id,
      what: `product ${productId}`,
      how: 'audit counterfactual',
    }),
  )
  print(json, found, () => `${productId}: ${found.summary}`)
}

export const counterfactualCommand = (): Command =>
  withFirm(
    new Command('counterfactual')
      .argument('<decision>')
      .argument('<product>')
      .description('the smallest change of an input under which a product would have been permitted; for the auditor'),
  )
    .addOption(languageOption())
    .action(counterfactual)
