import { loop } from '../../benchmarks/loop.js'
import { isBuilt } from './aptus.js'

const suite = isBuilt('tests/system/loop.test.ts') ? describe : describe.skip

suite('the loop, unattended', () => {
  test('thirty more days, a run beside the server, gates, promotion and rollback: not one request fails', async () => {
    const found = await loop({ investors: 500, products: 120, days: 500, clients: 4 })
    expect(found.failed).toEqual([])
    expect(found.requests).toBeGreaterThan(30)
    expect(found.eventsSent).toBeGreaterThan(100)
    expect(found.because).toMatch(/purchases since, \d+\.\d % of those it learnt from|PSI of/)
    expect(found.promoted).toMatch(/^sha256:/)
    expect(found.promoted).not.toBe(found.first)
    expect(found.backTo).toBe(found.first)
    expect(found.releases).toEqual([found.first, found.promoted])
  }, 240_000)
})
