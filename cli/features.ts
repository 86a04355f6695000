import { Command } from 'commander'
import { investorFeatures } from '../features/definitions/catalogue.js'
import { Investor } from '../features/schema/investor.js'
import { InvestorId } from '../features/schema/ids.js'
import { formatInstant } from '../features/schema/time.js'
import { withFullHome } from './open.js'
import { type Common, instant, withCommon } from './options.js'
import { Failure, print, UsageError } from './output.js'

export function featuresCommand(): Command {
  const features = new Command('features').description('the feature store')
  features.addCommand(
    withCommon(
      new Command('show')
        .argument('<investor>', 'his id')
        .description('profile, behaviour and features of an investor'),
    )
      .option('--as-of <instant>', 'as they were known then', instant)
      .action(async (text: string, { data, json, asOf }: Common & { asOf?: number }) => {
        const id = InvestorId.safeParse(text)
        if (!id.success) throw new UsageError(`"${text}" is no investor id: ${id.error.issues[0]?.message ?? ''}`)
        const investor = await withFullHome(data, (home) =>
          asOf === undefined ? home.store.get(id.data) : home.history.investorAsOf(id.data, asOf),
        )
        if (investor === null)
          throw new Failure(
            `no investor ${id.data}${asOf === undefined ? '' : ` was known before ${formatInstant(asOf)}`}`,
          )
        const at = asOf ?? Date.now()
        const values = investorFeatures.map(({ name, unit, value }) => ({ name, value: value({ investor, at }), unit }))
        const shown = {
          knownAt: formatInstant(investor.knownAt),
          profile: Investor.encode(investor.profile),
          behaviour: { purchased: investor.behaviour.purchased.length, viewed: investor.behaviour.viewed.length },
          features: values,
        }
        print(json, shown, () =>
          [
            `${id.data}, known from ${shown.knownAt}; ${shown.behaviour.purchased} products purchased, ${shown.behaviour.viewed} viewed`,
            JSON.stringify(shown.profile),
            ...values.map(({ name, value, unit }) => `  ${name}: ${value ?? 'unknown'} ${value === null ? '' : unit}`),
          ].join('\n'),
        )
      }),
  )
  return features
}
