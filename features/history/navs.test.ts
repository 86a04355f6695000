import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { navWindowsKnown } from '../definitions/navWindows.js'
import { type InvestorId, type ProductId } from '../schema/ids.js'
import { type NavRecord } from '../schema/records.js'
import { dateOfDayNumber, dayNumber, type Instant } from '../schema/time.js'
import { relativeGap } from './navGaps.js'
import { openHistory } from './history.js'
import { type ProductNavs } from './navs.js'
import { type ProductWindows } from './navWindows.js'
import { type History } from './port.js'

const start = dayNumber('2022-01-03')
const msPerDay = 86_400_000
const id = (text: string): ProductId => text as ProductId

/** A NAV of a day after the start, known so many days after its own. */
const record = (day: number, nav: number, { product = 'P', late = 1, isReturn = true } = {}): NavRecord => ({
  knownAt: (start + day + late) * msPerDay,
  value: { productId: id(product), date: dateOfDayNumber(start + day), nav, isReturn },
})
const evening = (day: number): Instant => (start + day + 1) * msPerDay

describe('NAVs of the history', () => {
  let dir = ''
  let history: History
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aptus-navs-'))
    history = await openHistory(dir, { memoryLimit: '256MB' })
  })
  afterEach(async () => {
    await history.close()
    await rm(dir, { recursive: true })
  })

  const told = async (records: readonly NavRecord[], learntAt: Instant): Promise<void> => {
    const batch = await history.begin('test')
    await batch.navs(records, learntAt)
    await batch.commit()
  }
  const all = async (asOf: Instant | null = null, productId?: ProductId): Promise<ProductNavs[]> => {
    const found: ProductNavs[] = []
    for await (const one of history.navsKnown(asOf, productId)) found.push(one)
    return found
  }

  test('a history without NAVs answers', async () => {
    expect(await all()).toEqual([])
    expect(await history.navFactsAsOf(id('P'), 10)).toBeNull()
    expect(await history.allNavFactsAsOf(10)).toEqual([])
  })

  test('NAVs come by product and day, known strictly before', async () => {
    await told([record(1, 2, { product: 'Q' }), record(2, 1.5), record(1, 1.25, { isReturn: false })], evening(9))
    const [p, q] = await all()
    expect(p).toEqual({
      productId: 'P',
      revisions: {
        days: [start + 1, start + 2],
        navs: [1.25, 1.5],
        isReturn: [0, 1],
        knownAt: [evening(1), evening(2)],
      },
    })
    expect(q?.productId).toBe('Q')
    expect((await all(evening(2), id('P')))[0]?.revisions.navs).toEqual([1.25])
    expect(await history.navFactsAsOf(id('P'), evening(1))).toBeNull()
  })

  test('a NAV that a later import has otherwise is a correction from then on; what was known before stays', async () => {
    const first = [record(0, 1), record(40, 1.1), record(41, 1.2)]
    await told(first, evening(50))
    await told([record(0, 1), record(40, 1.1), record(41, 1.3), record(42, 1.4)], evening(60))
    // The old file again, and the new one, tell nothing that was not told.
    await told(first, evening(70))
    await told([record(41, 1.3), record(42, 1.4)], evening(71))
    const over = async (asOf: Instant) => (await history.navFactsAsOf(id('P'), asOf))?.windows[0]?.totalReturn
    expect((await all())[0]?.revisions.navs).toEqual([1, 1.1, 1.2, 1.3, 1.4])
    expect(await over(evening(41) + 1)).toBeCloseTo(0.2, 12)
    // On the evening of day 42 its NAV was known, and the correction of day 41 was not.
    expect((await history.navFactsAsOf(id('P'), evening(60)))?.nav).toBe(1.4)
    expect((await all(evening(60)))[0]?.revisions.navs).toEqual([1, 1.1, 1.2, 1.4])
    expect((await all(evening(60) + 1))[0]?.revisions.navs).toEqual([1, 1.1, 1.2, 1.3, 1.4])
    // A correction that says itself when it was known, and one that says so of an instant already told.
    await told([record(42, 1.5, { late: 30 })], evening(80))
    await told([record(42, 1.6, { late: 2 })], evening(80))
    expect((await history.navFactsAsOf(id('P'), evening(71)))?.nav).toBe(1.4)
    expect((await history.navFactsAsOf(id('P'), evening(72)))?.nav).toBe(1.5)
    expect((await history.navFactsAsOf(id('P'), evening(80) + 1))?.nav).toBe(1.6)
  })

  test('an investor with the id of a product takes none of its NAVs with him', async () => {
    await told([record(0, 1)], evening(1))
    await history.eraseInvestor('P' as InvestorId)
    expect(await all()).toHaveLength(1)
  })

  test('an import that is aborted leaves no NAV', async () => {
    const batch = await history.begin('test')
    await batch.navs([record(0, 1)], evening(1))
    await batch.abort()
    expect(await all()).toEqual([])
  })

  const anyNavs = fc.array(
    fc.record({
      product: fc.constantFrom('P', 'Q', "R'", 'S', 'T', 'U'),
      day: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 1_300 })),
      nav: fc.integer({ min: 5_000, max: 20_000 }).map((units) => units / 10_000),
      late: fc.integer({ min: 0, max: 90 }),
      isReturn: fc.boolean(),
    }),
    { minLength: 1, maxLength: 500, size: 'max' },
  )
  const anyDays = fc.array(fc.integer({ min: 0, max: 1_400 }), { minLength: 3, maxLength: 3 })

  const byHand = async (asOf: Instant): Promise<readonly ProductWindows[]> =>
    (await all()).flatMap(({ productId, revisions }) => {
      const facts = navWindowsKnown(revisions, asOf)
      return facts === null ? [] : [{ productId, facts }]
    })

  test('SQL and TypeScript find the same of any NAVs, corrections, splits and holes among them', async () => {
    await fc.assert(
      fc.asyncProperty(anyNavs, anyDays, async (navs, days) => {
        // What the runs before left is overwritten for most days, and so corrected.
        await told(
          navs.map(({ day, nav, ...rest }) => record(day, nav, rest)),
          0,
        )
        for (const asOf of days.map(evening)) {
          const [bySql, twin] = [await history.allNavFactsAsOf(asOf), await byHand(asOf)]
          expect(bySql.map(({ productId }) => productId)).toEqual(twin.map(({ productId }) => productId))
          for (const [i, { facts }] of twin.entries()) expect(relativeGap(facts, bySql[i]?.facts)).toBeLessThan(1e-9)
        }
      }),
      { numRuns: 10, endOnFailure: true },
    )
  })
})
