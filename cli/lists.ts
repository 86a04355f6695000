import { Command } from 'commander'
import { Investor } from '../features/schema/investor.js'
import { Product } from '../features/schema/product.js'
import { withFullHome } from './open.js'
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
  return new Command('investors').description('the investors that are known').addCommand(
    listing('investors').action(async ({ data, json, limit }: Options) => {
      await withFullHome(data, async ({ store }) => {
        const ids = await store.ids(limit)
        const records = json ? await Promise.all(ids.map((id) => store.get(id))) : []
        const shown = records.flatMap((record) =>
          record === null
            ? []
            : [{ knownAt: new Date(record.knownAt).toISOString(), ...Investor.encode(record.profile) }],
        )
        print(json, shown, () => ids.join('\n'))
      })
    }),
  )
}

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
