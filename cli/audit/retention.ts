import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { logFolder } from '../../audit/ledger.js'
import { retentionOf, type SegmentRetention } from '../../audit/retention.js'
import { formatInstant, type Instant } from '../../features/schema/time.js'
import { folders } from '../../serving/home.js'
import { packOf } from '../../serving/packs.js'
import { withFullHome } from '../open.js'
import { type Common, withCommon } from '../options.js'
import { print, progress, UsageError } from '../output.js'

const textOf = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))

async function retention({ data, json }: Common): Promise<void> {
  const dir = join(data, folders.ledger, logFolder)
  const bar = progress()
  const found = await withFullHome(data, ({ blobs }) => {
    if (!existsSync(dir))
      throw new UsageError('there is no ledger in the data directory; it is made with the first recommendation')
    const yearsOf = async (digest: Parameters<typeof packOf>[0]): Promise<number> =>
      (await packOf(digest, blobs)).retention.years
    return retentionOf(dir, yearsOf, (done, total) => bar.update('segments', done, total))
  }).finally(bar.stop)
  const told = found.map((each) => ({
    ...each,
    newest: textOf(each.newest),
    removableFrom: textOf(each.removableFrom),
  }))
  print(json, told, () => [...found.map(inWords), 'Aptus removes no segment: docs/ledger.md'].join('\n'))
}

const inWords = ({ segment, entries, newest, years, removableFrom }: SegmentRetention): string => {
  const until =
    removableFrom === null
      ? 'kept: the ledger is written to it, or no term is known'
      : `may be removed from ${formatInstant(removableFrom)} on (${years ?? 0} years)`
  return `${segment}: ${entries} entries${newest === null ? '' : `, the newest of ${formatInstant(newest)}`}; ${until}`
}

export const retentionCommand = (): Command =>
  withCommon(
    new Command('retention').description(
      'how long each segment of the ledger is to be kept, by the rule packs it names',
    ),
  ).action(retention)
