import { eventsCsv } from './events.js'
import { investorsCsv, makeInvestors } from './investors.js'
import { makeProducts, navCsv, productsCsv } from './products.js'
import { Random } from './random.js'

/** The example data: invented products, investors and events, the same for the same seed. File name to content. */
export function exampleFiles(seed: number): Readonly<Record<string, string>> {
  const products = makeProducts(new Random(seed))
  const investors = makeInvestors(new Random(seed + 1))
  return {
    'products.csv': productsCsv(products),
    'nav.csv': navCsv(products, new Random(seed + 2)),
    'investors.csv': investorsCsv(investors),
    'events.csv': eventsCsv(investors, products, new Random(seed + 3)),
  }
}
