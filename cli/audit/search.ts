import { Command } from 'commander'
import { type LedgerIndex } from '../../audit/ledger.js'
import { personsIn } from '../../audit/search/found.js'
import { wholeNumber } from '../options.js'
import { print } from '../output.js'
import { askedBy, type Filtered, foundInWords, withEntries, withFilters } from './entries.js'
import { readBy } from '../operator.js'

type SearchOptions = Filtered & { readonly limit: number; readonly after?: LedgerIndex }

async function search(options: SearchOptions): Promise<void> {
  const { data, json, firm, limit, after } = options
  const asked = askedBy(options)
  const page = await withEntries(data, async (entries, reads) => {
    const found = await entries.find(firm, asked, { limit, after })
    await reads.ofPersons(readBy(firm, 'audit search'), personsIn(found.items))
    return found
  })
  print(json, page, () =>
    [
      ...page.items.map(foundInWords),
      page.items.length === 0 ? 'nothing was found' : page.next === null ? '' : `more: --after ${page.next}`,
    ]
      .filter((line) => line !== '')
      .join('\n'),
  )
}

export const searchCommand = (): Command =>
  withFilters(
    new Command('search').description(
      'entries of the ledger by what is in them, newest first; all that is given holds',
    ),
  )
    .option('--limit <n>', 'how many at the most', wholeNumber(1, 1000), 100)
    .option('--after <index>', 'those before this entry of the ledger: the next page', wholeNumber(0))
    .action(search)
