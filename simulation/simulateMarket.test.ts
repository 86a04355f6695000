import { createHash } from 'node:crypto'
import { z } from 'zod'
import { dayOfInstant } from '../features/definitions/calendar.js'
import { derivedRiskLevel } from '../features/definitions/riskRating.js'
import { lockupDaysOfName } from '../features/ingest/cnFunds/lockup.js'
import { factsOverTime } from '../features/ingest/csv/nav.js'
import { batchSize } from '../features/ingest/sink.js'
import { Event } from '../features/schema/event.js'
import { Investor } from '../features/schema/investor.js'
import { Product } from '../features/schema/product.js'
import { dayNumber } from '../features/schema/time.js'
import { allOff, type SimulationOptions } from './options.js'
import { simulateMarket } from './simulateMarket.js'
import { type Recorded, recordMarket, small } from './testMarket.js'

const tiny: SimulationOptions = { ...small, products: 120, investors: 80, days: 150 }

async function digestOf(options: SimulationOptions): Promise<string> {
  const hash = createHash('sha256')
  const take = (rows: unknown): Promise<void> => {
    hash.update(JSON.stringify(rows))
    return Promise.resolve()
  }
  await simulateMarket(options, { investors: take, events: take, products: take })
  return hash.digest('hex')
}

let market: Recorded
beforeAll(async () => {
  market = await recordMarket(small)
})

describe('the same bytes', () => {
  test('of the same seed, on every Node version: the digest stands here', async () =>
    expect(await digestOf(tiny)).toBe('9cc6a7afa64f79785f4845f67cc5b114572495e79c92400bbd27329086d7ab30'))
  test('others of another seed', async () =>
    expect(await digestOf({ ...tiny, seed: 4 })).not.toBe(await digestOf(tiny)))
  test('other behaviour, and the same products, with the switches off', async () => {
    const off = await recordMarket({ ...tiny, switches: allOff })
    const on = await recordMarket(tiny)
    expect(off.revisions).toEqual(on.revisions)
    expect(off.events).not.toEqual(on.events)
  })
})

describe('records', () => {
  test.each([
    ['investors', Investor, () => market.investors.map(({ value }) => value)],
    ['events', Event, () => market.events.map(({ value }) => value)],
    ['products', Product, () => market.revisions.flatMap(({ changes }) => changes)],
  ] as const)('%s are what the schema says', (_, schema, values) => {
    for (const value of values().filter((_, i) => i % 7 === 0))
      expect(schema.parse(z.encode(schema as z.ZodType, value))).toEqual(value)
  })
  test('come by ascending instants, in batches, and each event has its own id', () => {
    const ascends = (rows: readonly { knownAt: number }[]): boolean =>
      rows.every(({ knownAt }, i) => i === 0 || knownAt >= (rows[i - 1]?.knownAt ?? 0))
    expect([market.investors, market.events, market.revisions].map(ascends)).toEqual([true, true, true])
    expect(
      market.revisions.every(({ knownAt }, i) => i === 0 || knownAt > (market.revisions[i - 1]?.knownAt ?? 0)),
    ).toBe(true)
    expect(new Set(market.events.map(({ value }) => value.eventId)).size).toBe(market.events.length)
    expect(market.largestBatch).toBeLessThanOrEqual(batchSize)
  })
  test('reach to the last day and no further, and cover what is expected of their size', () => {
    const { events, revisions, investors } = market
    const newest = [...events, ...revisions, ...investors].reduce((latest, { knownAt }) => Math.max(latest, knownAt), 0)
    expect(dayOfInstant(newest)).toBe(dayNumber('2026-05-08'))
    expect(events.length).toBeGreaterThan(2_000)
    expect(events.length).toBeLessThan(20_000)
    const types = new Set(events.map(({ value }) => value.type))
    expect([...types].sort()).toEqual(['exposure', 'purchase', 'recurring-plan', 'redemption', 'view'])
    expect(new Set(investors.map(({ value }) => value.id)).size).toBe(500)
    expect(investors.length).toBeGreaterThan(550)
  })
})

describe('products', () => {
  test('have the level that the function for real funds gives them, and call themselves simulated', () => {
    const products = market.revisions.flatMap(({ changes }) => changes)
    for (const product of products.filter((_, i) => i % 5 === 0)) {
      const volatility = product.facts?.volatilityBps ?? null
      expect(product.rating).toMatchObject({ ...derivedRiskLevel(product.kind, volatility), volatilityBps: volatility })
      expect(product.name['zh-CN']).toMatch(/^模拟/)
      expect(product.name.en).toMatch(/^Simulated /)
      expect(product.companyName).toMatch(/（模拟）$/)
      expect(product.statusSource).toBe('simulated')
      expect(lockupDaysOfName(product.name['zh-CN'])).toBe(product.lockupDays)
      expect(product.targetMarket.minHorizonMonths ?? 0).toBeGreaterThanOrEqual((product.lockupDays * 12) / 365)
    }
  })
  test('have names of their own, fresh NAVs on the last day, and every status at some time', () => {
    const newest = new Map(market.revisions.flatMap(({ changes }) => changes).map((product) => [product.id, product]))
    expect(new Set([...newest.values()].map(({ name }) => name['zh-CN'])).size).toBe(newest.size)
    for (const { status, facts } of newest.values())
      if (status !== 'terminated') expect(facts?.navDate).toMatch(/^2026-05-0/)
    const seen = new Set(market.revisions.flatMap(({ changes }) => changes).map(({ status }) => status))
    for (const status of ['subscribing', 'open', 'suspended', 'purchase-limited', 'closed', 'terminated'])
      expect(seen).toContain(status)
  })
})

test('NAVs are told once, when facts are, and make the same facts', () => {
  const { navs, revisions, simulation } = market
  let compared = 0
  for (const id of simulation.supply.ids.filter((_, ordinal) => ordinal % 9 === 0)) {
    const series = navs.filter(({ value }) => value.productId === id)
    const told = revisions.flatMap(({ knownAt, changes }) =>
      changes.flatMap((product) => (product.id === id ? [{ knownAt, facts: product.facts }] : [])),
    )
    expect(new Set(series.map(({ value }) => value.date)).size).toBe(series.length)
    for (const { knownAt, value } of factsOverTime(series)) {
      const own = told.find((one) => one.knownAt === knownAt)?.facts ?? null
      // What was valued before the first day is told on it at once, and the row's own facts are newer.
      if (knownAt === told[0]?.knownAt) expect(value.navDate <= (own?.navDate ?? '')).toBe(true)
      else expect(value).toEqual(own)
      compared += 1
    }
  }
  expect(compared).toBeGreaterThan(400)
})

test('facts told every quarter are told on the last day too', async () => {
  const { revisions } = await recordMarket({ ...tiny, investors: 0, factsEveryMonths: 3 })
  const large = revisions.filter(({ changes }) => changes.length > 60).map(({ knownAt }) => new Date(knownAt))
  expect(large.map((date) => date.toISOString().slice(0, 10))).toEqual([
    '2025-12-09',
    '2025-12-31',
    '2026-03-31',
    '2026-05-08',
  ])
})

describe('behaviour', () => {
  test('no event comes before its product or its investor is known', () => {
    const products = new Map<string, number>()
    for (const { knownAt, changes } of market.revisions)
      for (const { id } of changes) if (!products.has(id)) products.set(id, knownAt)
    const investors = new Map<string, number>()
    for (const { knownAt, value } of market.investors) if (!investors.has(value.id)) investors.set(value.id, knownAt)
    const early: string[] = []
    for (const { knownAt, value } of market.events) {
      if (value.productId === null) continue
      const latest = Math.max(products.get(value.productId) ?? Infinity, investors.get(value.investorId) ?? Infinity)
      if (latest >= knownAt) early.push(value.eventId)
    }
    expect(early).toEqual([])
  })
  test('nobody buys without an assessment of the last twelve months, nor a C1-minimum above R1', () => {
    const merged = [
      ...market.investors.map((record) => ({ at: record.knownAt, profile: record.value, event: null })),
      ...market.events.map((record) => ({ at: record.knownAt, profile: null, event: record.value })),
    ].sort((a, b) => a.at - b.at)
    const levels = new Map<string, string>()
    const revisions = [...market.revisions]
    const known = new Map<string, Investor>()
    for (const { at, profile, event } of merged) {
      while ((revisions[0]?.knownAt ?? Infinity) < at)
        for (const { id, rating } of revisions.shift()?.changes ?? []) levels.set(id, rating?.level ?? '')
      if (profile !== null) known.set(profile.id, profile)
      if (event?.type !== 'purchase') continue
      const assessment = known.get(event.investorId)?.riskAssessment ?? null
      expect(at - (assessment?.assessedAt ?? 0)).toBeLessThan(365 * 86_400_000)
      if (assessment?.acceptsNoLoss === true || assessment?.lacksFullCapacity === true)
        expect(levels.get(event.productId)).toBe('R1')
    }
  })
  test('nobody redeems more than he holds', () => {
    const { supply } = market.simulation
    const held = new Map<string, number>()
    let redemptions = 0
    for (const { knownAt, value } of market.events) {
      if (value.type !== 'purchase' && value.type !== 'redemption') continue
      const ordinal = supply.ids.indexOf(value.productId)
      const units = (value.amount?.minor ?? 0) / supply.navOn(ordinal, dayOfInstant(knownAt))
      const key = `${value.investorId} ${value.productId}`
      const left = (held.get(key) ?? 0) + (value.type === 'purchase' ? units : -units)
      expect(left).toBeGreaterThanOrEqual(0)
      held.set(key, left)
      if (value.type === 'redemption') redemptions += 1
    }
    expect(redemptions).toBeGreaterThan(50)
  })
  test('a product of his own accord above the level is the exception', () => {
    const { purchasesAboveLevel } = market.simulation.tallied()
    const purchases = market.events.filter(({ value }) => value.type === 'purchase').length
    expect(purchasesAboveLevel / purchases).toBeGreaterThan(0.03)
    expect(purchasesAboveLevel / purchases).toBeLessThan(0.2)
  })
  test('profiles are of all sorts', () => {
    const profiles = market.investors.map(({ value }) => value)
    const share = (of: (investor: Investor) => boolean): number => profiles.filter(of).length / profiles.length
    expect(share((one) => one.riskAssessment === null)).toBeGreaterThan(0)
    expect(share((one) => !one.consents.personalisation)).toBeGreaterThan(0)
    expect(share((one) => one.investorClass === 'professional')).toBeGreaterThan(0)
    expect(share((one) => one.riskAssessment?.acceptsNoLoss === true)).toBeGreaterThan(0)
    expect(share((one) => one.assessments.length > 1)).toBeGreaterThan(0.05)
    for (const level of ['C1', 'C2', 'C3', 'C4', 'C5'])
      expect(share((one) => one.riskAssessment?.level === level)).toBeGreaterThan(0.05)
  })
})

test('sizes out of bounds are told', async () => {
  const nothing = (): Promise<void> => Promise.resolve()
  const sink = { investors: nothing, events: nothing, products: nothing }
  await expect(simulateMarket({ ...small, products: 0 }, sink)).rejects.toThrow(
    'simulation, products: got 0, want a whole number from 1',
  )
})
