import { Command } from 'commander'
import { formatInstant } from '../../features/schema/time.js'
import { type ExposureReport } from '../../serving/audit/exposures.js'
import { withService } from '../open.js'
import { wholeNumber } from '../options.js'
import { Failure, print } from '../output.js'
import { withPeriod } from './entries.js'
import { type Options } from './options.js'

type ExposureOptions = Options & { readonly from?: number; readonly to?: number; readonly limit: number }

async function exposures({ data, json, firm, from, to, limit }: ExposureOptions): Promise<void> {
  const found = await withService(data, (service) =>
    service.audit.exposures(firm, { from: from ?? null, to: to ?? null, limit }),
  )
  print(json, found, () => inWords(found))
  if (found.items.length > 0) throw new Failure('what was shown is not what was recorded')
}

const inWords = ({ exposures, imported, byFault, unrecorded, items }: ExposureReport): string =>
  [
    `${exposures} exposures held against the ledger${imported === 0 ? '' : `; ${imported} imported or simulated ones left out`}`,
    ...Object.entries(byFault).flatMap(([fault, count]) => (count === 0 ? [] : [`  ${fault}: ${count}`])),
    ...(unrecorded.length === 0 ? [] : [`shown and never recorded: ${unrecorded.join(', ')}`]),
    ...items.map(
      ({ decisionId, productId, rank, occurredAt, faults, eventId }) =>
        `${decisionId} ${productId} at rank ${rank}, ${formatInstant(occurredAt)}: ${faults.join(', ')} (event ${eventId})`,
    ),
  ].join('\n')

export const exposuresCommand = (): Command =>
  withPeriod(
    new Command('exposures').description(
      'what callers say was shown, held against the ledger; exits 1 where anything was not recorded so',
    ),
  )
    .option('--limit <n>', 'exposures that are listed', wholeNumber(1, 100_000), 100)
    .action(exposures)
