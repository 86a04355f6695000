import { Command } from 'commander'
import { Investor } from '../features/schema/investor.js'
import { Product } from '../features/schema/product.js'
import { ownerOf } from '../serving/investorKey.js'
import { eraseCommand } from './investors/erase.js'
import { exportCommand } from './investors/export.js'
import { withFullHome, withService } from './open.js'
import { readBy } from './operator.js'
import { type Common, wholeNumber, withCommon } from './options.js'
import { print } from './output.js'

type Options = Common & { readonly limit: number }

const listing = (what: string): Command =>
  withCommon(new Command('list').description(`ids of ${what}, one a line; with --json, the records`)).option(
    '--limit <n>',
    'how many at the most',
    wholeNumber(1),
    1000,
  )

export function investorsCommand(): Command {
  return new Command('investors')
    .description('the investors that are known')
    .addCommand(
      listing('investors').action(async ({ data, json, limit }: Options) => {
        if (json) print(json, await profilesFirst(data, limit), () => '')
        else {
          const ids = await withFullHome(data, ({ store }) => store.ids(limit))
          print(json, ids, () => ids.join('\n'))
        }
      }),
    )
    .addCommand(exportCommand())
    .addCommand(eraseCommand())
}

/** The first profiles; that they were read is recorded, of each. */
const profilesFirst = (data: string, limit: number): Promise<readonly object[]> =>
  withService(data, async ({ privacy }, { store }) => {
    const records = await Promise.all((await store.ids(limit)).map((id) => store.get(id)))
    const known = records.filter((record) => record !== null)
    await Promise.all(
      known.map(({ profile }) => {
        const { firmId, id } = ownerOf(profile.id)
        return privacy.reads.ofInvestors(readBy(firmId, 'investors list'), [id])
      }),
    )
    return known.map(({ knownAt, profile }) => ({
      knownAt: new Date(knownAt).toISOString(),
      ...Investor.encode(profile),
    }))
  })

export function productsCommand(): Command {
  return new Command('products').description('the products of the catalogue').addCommand(
    listing('products').action(async ({ data, json, limit }: Options) => {
      await withFullHome(data, async ({ catalogueLog }) => {
        const products = (await catalogueLog.head()).products.slice(0, limit)
        print(json, json ? products.map((product) => Product.encode(product)) : [], () =>
          products.map(({ id }) => id).join('\n'),
        )
      })
    }),
  )
}
