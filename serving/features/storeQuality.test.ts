import { fitInvestor, realInstallation, startOfTest } from '../../tests/realService.js'
import { defaultFirm } from '../investorKey.js'
import { storeQuality } from './storeQuality.js'

test('all that the store holds, or a sample of it that a seed draws', async () => {
  const installed = await realInstallation()
  try {
    await installed.serve(async (service, home) => {
      for (let n = 0; n < 30; n++)
        await service.putInvestor(defaultFirm, fitInvestor(`i${n}`, { assetBand: n % 3 === 0 ? null : '30k-80k' }))
      const missing = async (sample: number | null, seed = 1) => {
        const told: number[] = []
        const options = { at: startOfTest, sample, seed, told: (done: number) => void told.push(done) }
        const { features, compared, reference } = await storeQuality(home, options)
        expect({ compared, reference }).toEqual({ compared: 'store', reference: 'none' })
        expect(told).toEqual([sample ?? 30])
        return features.find(({ name }) => name === 'asset_band')?.missing.now
      }
      expect(await missing(null)).toEqual({ share: 1 / 3, of: 30 })
      expect(await missing(7)).toEqual(await missing(7))
      expect((await missing(7))?.of).toBe(7)
      const shares = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => missing(7, seed)))
      expect(new Set(shares.map((found) => found?.share)).size).toBeGreaterThan(1)
    })
  } finally {
    await installed.destroy()
  }
})
