import { join } from 'node:path'
import { aptus, expectSentence, inFolder, isBuilt, jsonOf } from './aptus.js'

const suite = isBuilt('tests/system/rematch.test.ts') ? describe : describe.skip

type Matched = {
  readonly lookedAt: number
  readonly rules: readonly string[]
  readonly holders: readonly {
    readonly investorId: string
    readonly noLonger: readonly { readonly productId: string }[]
  }[]
}

suite('rules rematch', () => {
  test(
    'whoever holds what does not fit him is listed, of all products and of one',
    () =>
      inFolder(async (dir) => {
        const data = join(dir, 'data')
        await jsonOf(['import', 'csv', join('examples', 'data'), '--data', data])
        const all = (await jsonOf(['rules', 'rematch', '--data', data])) as Matched
        expect(all.rules).toEqual(['CN-MATCH', 'CN-C1MIN', 'CN-TARGET'])
        expect(all.lookedAt).toBe(50)
        expect(all.holders.length).toBeGreaterThan(0)
        const [first] = all.holders
        const productId = first?.noLonger[0]?.productId ?? ''
        const one = (await jsonOf(['rules', 'rematch', '--product', productId, '--data', data])) as Matched
        expect(one.holders.map(({ investorId }) => investorId)).toEqual(
          all.holders
            .filter(({ noLonger }) => noLonger.some((each) => each.productId === productId))
            .map(({ investorId }) => investorId),
        )
        const unknown = await aptus(['rules', 'rematch', '--product', 'no-such', '--data', data])
        expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('the catalogue has no product')])
        expectSentence(unknown, dir)
      }),
    120_000,
  )
})
