import { Command } from 'commander'
import { type NavWindow, type NavWindowFacts } from '../../features/definitions/navWindows.js'
import { ProductId } from '../../features/schema/ids.js'
import { formatInstant } from '../../features/schema/time.js'
import { withFullHome } from '../open.js'
import { type Common, instant, withCommon } from '../options.js'
import { Failure, print, UsageError } from '../output.js'

export const navsCommand = (): Command =>
  withCommon(
    new Command('navs')
      .argument('<product>', 'its id')
      .description('return, volatility and maximal drawdown of a product over 1 to 36 months (docs/data.md)'),
  )
    .option('--as-of <instant>', 'as they were known then', instant)
    .action(async (text: string, { data, json, asOf = Date.now() }: Common & { asOf?: number }) => {
      const id = ProductId.safeParse(text)
      if (!id.success) throw new UsageError(`"${text}" is no product id: ${id.error.issues[0]?.message ?? ''}`)
      const facts = await withFullHome(data, (home) => home.history.navFactsAsOf(id.data, asOf))
      if (facts === null)
        throw new Failure(`no net asset value of ${id.data} was known before ${formatInstant(asOf)}: import some`)
      print(json, { productId: id.data, ...facts }, () => inWords(id.data, facts))
    })

const percent = (fraction: number | null): string =>
  fraction === null ? 'unknown' : `${(fraction * 100).toFixed(2)} %`

const line = ({ months, totalReturn, volatility, maxDrawdown, returns }: NavWindow): string =>
  `  ${months} months: return ${percent(totalReturn)}, volatility ${percent(volatility)} a year (${returns} returns), drawdown ${percent(maxDrawdown)}`

const inWords = (id: ProductId, { navDate, nav, windows }: NavWindowFacts): string =>
  [`${id}: NAV ${nav} of ${navDate}`, ...windows.map(line)].join('\n')
