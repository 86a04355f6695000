import { Command } from 'commander'
import { z } from 'zod'
import { holdingsOf } from '../features/definitions/holdings.js'
import { traitsIn } from '../features/definitions/traits.js'
import { storedFeatureValues } from '../features/definitions/vectors.js'
import { type Size } from '../features/schema/holdings.js'
import { Investor } from '../features/schema/investor.js'
import { InvestorId } from '../features/schema/ids.js'
import { formatInstant } from '../features/schema/time.js'
import { HoldingsAnswer } from '../serving/http/schemas.js'
import { defaultFirm } from '../serving/investorKey.js'
import { exportCommand, importHistoryCommand } from './features/exchange.js'
import { navsCommand } from './features/navs.js'
import { reportCommand } from './features/report.js'
import { listCommand } from './features/list.js'
import { materialiseCommand } from './features/materialise.js'
import { applyCommand, planCommand } from './features/plan.js'
import { reconcileCommand } from './features/reconcile.js'
import { workCommand } from './features/work.js'
import { rowsCommand } from './features/rows.js'
import { withService } from './open.js'
import { readBy } from './operator.js'
import { type Common, instant, withCommon } from './options.js'
import { Failure, print, UsageError } from './output.js'

export function featuresCommand(): Command {
  const features = new Command('features').description('the feature store')
  features.addCommand(
    withCommon(
      new Command('show')
        .argument('<investor>', 'his id')
        .description('profile, behaviour, holdings and features of an investor'),
    )
      .option('--as-of <instant>', 'as they were known then', instant)
      .action(async (text: string, { data, json, asOf }: Common & { asOf?: number }) => {
        const id = InvestorId.safeParse(text)
        if (!id.success) throw new UsageError(`"${text}" is no investor id: ${id.error.issues[0]?.message ?? ''}`)
        const { investor, catalogue } = await withService(data, async ({ privacy }, home) => {
          const found = await (asOf === undefined
            ? home.store.account(id.data)
            : home.history.accountAsOf(id.data, asOf))
          await privacy.reads.ofInvestors(readBy(defaultFirm, 'features show'), [id.data])
          return { investor: found, catalogue: await home.catalogueLog.asOf(null, asOf ?? null) }
        })
        if (investor === null)
          throw new Failure(
            `no investor ${id.data}${asOf === undefined ? '' : ` was known before ${formatInstant(asOf)}`}`,
          )
        const at = asOf ?? Date.now()
        const values = storedFeatureValues(investor, at, traitsIn(catalogue))
        const shown = {
          knownAt: formatInstant(investor.knownAt),
          profile: Investor.encode(investor.profile),
          behaviour: { purchased: investor.behaviour.purchased.length, viewed: investor.behaviour.viewed.length },
          holdings: z.encode(HoldingsAnswer, holdingsOf(investor.trades)),
          features: values,
        }
        print(json, shown, () =>
          [
            `${id.data}, known from ${shown.knownAt}; ${shown.behaviour.purchased} products purchased, ${shown.behaviour.viewed} viewed`,
            JSON.stringify(shown.profile),
            ...holdingsInWords(shown.holdings),
            ...values.map(({ name, value, unit }) => `  ${name}: ${value ?? 'unknown'} ${value === null ? '' : unit}`),
          ].join('\n'),
        )
      }),
  )
  features.addCommand(navsCommand())
  features.addCommand(reportCommand())
  for (const command of [
    listCommand(),
    planCommand(),
    applyCommand(),
    materialiseCommand(),
    rowsCommand(),
    reconcileCommand(),
    workCommand(),
    exportCommand(),
    importHistoryCommand(),
  ])
    features.addCommand(command)
  return features
}

/** A line a lot, the oldest of each product first. */
const holdingsInWords = ({ positions, plans }: z.input<typeof HoldingsAnswer>): readonly string[] => [
  ...positions.flatMap(({ productId, lots, unmatchedRedemptions }) => [
    ...lots.map((lot) => `  holds ${productId}, bought ${lot.boughtAt}: ${sizeInWords(lot)}`),
    ...(unmatchedRedemptions === 0
      ? []
      : [`  ${productId}: redemptions that its known lots do not cover: ${unmatchedRedemptions}`]),
  ]),
  ...plans.map(
    ({ productId, since, amount }) =>
      `  buys ${productId} by a plan since ${since}: ${sizeInWords({ amount, unitsMicros: null })}`,
  ),
]

function sizeInWords({ amount, unitsMicros }: Size): string {
  const units = unitsMicros === null ? [] : [`${unitsMicros / 1_000_000} units`]
  const cost = amount === null ? [] : [`${amount.minor / 10 ** decimalsOf(amount.currency)} ${amount.currency}`]
  return [...units, ...cost].join(', ') || 'how much is not known'
}

/** How many decimals the currency's minor unit stands for (ISO 4217): two of the yuan, none of the yen. */
const decimalsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
