import { Command } from 'commander'
import { personsIn } from '../../audit/search/found.js'
import { type Instant } from '../../features/schema/time.js'
import { readBy } from '../operator.js'
import { wholeNumber } from '../options.js'
import { print } from '../output.js'
import { foundInWords, type InPeriod, withEntries, withPeriod } from './entries.js'

async function sample(count: number, { data, json, firm, seed, from, to }: InPeriod): Promise<void> {
  const period: { from?: Instant | undefined; to?: Instant | undefined } = { from, to }
  const drawn = await withEntries(data, async (entries, reads) => {
    const found = await entries.sample(firm, { count, seed, ...period })
    await reads.ofPersons(readBy(firm, 'audit sample'), personsIn(found.items))
    return found
  })
  print(json, drawn, () =>
    [
      `${drawn.items.length} of ${drawn.population} live decisions, by seed ${drawn.seed}; each is proved under the checkpoint below (the proofs: --json)`,
      ...drawn.items.map(foundInWords),
      '',
      drawn.checkpoint,
    ].join('\n'),
  )
}

export const sampleCommand = (): Command =>
  withPeriod(
    new Command('sample')
      .argument('<n>', 'how many decisions', wholeNumber(1, 10_000))
      .description(
        'a uniform sample of live decisions by --seed, which whoever has the ledger draws alike; with proofs',
      ),
  ).action(sample)
