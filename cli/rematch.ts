import { Command } from 'commander'
import { wordsOfFinding } from '../engine/explanation/findingWords.js'
import { type FirmId, type InvestorId, ProductId } from '../features/schema/ids.js'
import { defaultFirm } from '../serving/investorKey.js'
import { type HoldersPage } from '../serving/assessmentService.js'
import { type Service } from '../serving/service.js'
import { withService } from './open.js'
import { type Common, firm as firmOption, withCommon } from './options.js'
import { print, progress, UsageError } from './output.js'
import { readBy } from './operator.js'

type Options = Common & { readonly firm: FirmId; readonly product?: string }

/** Investors looked at between two words of progress. */
const pageSize = 1000

type Holder = {
  readonly investorId: InvestorId
  readonly noLonger: readonly {
    readonly productId: ProductId
    readonly findings: readonly { readonly ruleId: string; readonly text: string; readonly source: string }[]
  }[]
}
type Matched = { readonly rules: readonly string[]; readonly lookedAt: number; readonly holders: readonly Holder[] }

async function rematch({ data, json, firm, product }: Options): Promise<void> {
  const productId = product === undefined ? null : ProductId.safeParse(product)
  if (productId?.success === false) throw new UsageError(`"${product ?? ''}" is no product id`)
  const matched = await withService(data, (service) => matchAll(service, firm, productId?.data ?? null))
  print(json, { product: product ?? null, ...matched }, () => inWords(matched))
}

async function matchAll(service: Service, firmId: FirmId, productId: ProductId | null): Promise<Matched> {
  const bar = progress()
  const holders: Holder[] = []
  let [rules, lookedAt, after] = [[] as readonly string[], 0, null as InvestorId | null]
  try {
    do {
      const page = await service.holdersNotFitting({ firmId, productId, limit: pageSize, after })
      if ('unknownProduct' in page) throw new UsageError(`the catalogue has no product "${page.unknownProduct}"`)
      await service.privacy.reads.ofInvestors(
        readBy(firmId, 'rematch'),
        page.holders.map(({ investorId }) => investorId),
      )
      holders.push(...holdersOf(page))
      rules = page.rules
      lookedAt += page.lookedAt
      after = page.next
      bar.update('investors', lookedAt, null)
    } while (after !== null)
  } finally {
    bar.stop()
  }
  return { rules, lookedAt, holders }
}

const holdersOf = ({ holders, pack }: HoldersPage): readonly Holder[] =>
  holders.map(({ investorId, rematched: { noLonger, today } }) => ({
    investorId,
    noLonger: noLonger.map(({ productId, findings }) => ({
      productId,
      findings: findings.map((finding) => {
        const { text, source } = wordsOfFinding(finding, pack, today, 'en')
        return { ruleId: finding.ruleId, text, source }
      }),
    })),
  }))

const inWords = ({ rules, lookedAt, holders }: Matched): string =>
  [
    rules.length === 0
      ? 'the pack names no rules of rematching: nothing could be judged'
      : `${holders.length} of ${lookedAt} investors hold what no longer fits them, by ${rules.join(', ')}`,
    ...holders.flatMap(({ investorId, noLonger }) =>
      noLonger.flatMap(({ productId, findings }) =>
        findings.map(({ ruleId, text }) => `  ${investorId} holds ${productId}: ${ruleId}: ${text}`),
      ),
    ),
  ].join('\n')

export const rematchCommand = (): Command =>
  withCommon(new Command('rematch'))
    .option('--product <id>', 'its holders; otherwise whatever anybody holds')
    .option('--firm <id>', 'whose investors', firmOption, defaultFirm)
    .description('who holds what no longer fits him, by profiles and ratings as they are now')
    .action(rematch)
