import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Event } from '../features/schema/event.js'
import { InvestorId } from '../features/schema/ids.js'
import { filesHolding, heldBelow } from '../tests/decodedStores.js'
import {
  filesWith,
  fitInvestor,
  type Installation,
  outcomeOf,
  realInstallation,
  recommendTo,
  startOfTest,
} from '../tests/realService.js'
import { type Configuration } from './configuration.js'
import { type Home, openHome } from './home.js'
import { cipherOf } from './identifiers.js'
import { defaultFirm } from './investorKey.js'
import { rotateIdentifiers } from './rotateIdentifiers.js'

const [key, nextKey] = [new Uint8Array(randomBytes(32)), new Uint8Array(randomBytes(32))]
const ids = ['investor-of-the-north', 'investor-of-the-south'].map((id) => InvestorId.parse(id))
const finances = {
  financialAssets: { minor: 98_765_432_101, currency: 'CNY' },
  yearlyIncome: null,
  taxStatus: null,
  liquidityNeeds: null,
  otherInvestments: null,
} as const

const installations: Installation[] = []
const installed = async (configured: Partial<Configuration> = {}): Promise<Installation> => {
  const made = await realInstallation(configured)
  installations.push(made)
  return made
}
afterEach(async () => {
  for (const made of installations.splice(0)) await made.destroy()
})

const fill = ({ serve }: Installation): Promise<void> =>
  serve(async (service) => {
    for (const id of [...ids].reverse()) {
      const { riskAssessment } = fitInvestor(id)
      const assessed = riskAssessment && { ...riskAssessment, questionnaireVersion: 'q-2026' }
      const profile = fitInvestor(id, { birthDate: '1961-07-09', finances, riskAssessment: assessed })
      await service.putInvestor(defaultFirm, profile)
      const events = ['P1', 'P2', 'P3'].map((productId, place) => ({
        ...{ eventId: `${id}-bought-${productId}`, type: 'purchase', investorId: id, productId },
        occurredAt: new Date(startOfTest - 1000 * (place + 1)).toISOString(),
      }))
      await service.addEvents(
        defaultFirm,
        events.map((event) => Event.parse(event)),
      )
      // The same again: known by their ids.
      expect(
        await service.addEvents(
          defaultFirm,
          events.map((event) => Event.parse(event)),
        ),
      ).toEqual({
        ...{ accepted: 0, duplicates: 3 },
      })
      const cancelled = { ...events[0], type: 'cancellation', eventId: `${id}-mistake`, cancels: `${id}-bought-P1` }
      const { productId: _, ...cancellation } = cancelled
      expect(await service.addEvents(defaultFirm, [Event.parse(cancellation)])).toMatchObject({ accepted: 1 })
      expect(outcomeOf(await recommendTo(service, id))).toHaveLength(3)
    }
  })

/** Everything that callers see, but for the instants. */
const seen = (installation: Installation) =>
  installation.serve(async (service, home) => {
    installation.clock.now += 60_000
    const asOf = installation.clock.now
    const people = []
    for (const id of ids) {
      const known = await service.investor(defaultFirm, id)
      const past = await home.history.accountAsOf(id, asOf)
      const { profiles, events } = await home.history.heldOn(id)
      const found = await service.audit.entries.find(defaultFirm, { investorId: id, type: 'decision' }, { limit: 10 })
      people.push({
        profiles: [known?.profile, past?.profile, ...profiles.map(({ value }) => value)],
        holdings: known?.holdings.positions.map(({ productId }) => productId),
        events: events.map(({ value }) => value),
        decisions: found.items.length,
        slate: outcomeOf(await recommendTo(service, id, asOf)),
      })
    }
    const { investorIds, productIds, rows } = await home.history.interactions(asOf)
    const pairs = { investorIds: ids, investor: Int32Array.of(0, 1), at: Float64Array.of(asOf, asOf) }
    const features = []
    for await (const { pair, values, isKnown } of home.history.rows(pairs, () => () => undefined))
      features.push(
        ...[...pair.keys()].map((row) => ({
          of: ids[pair[row] ?? -1],
          known: isKnown[row],
          row: [...values.slice((row * values.length) / pair.length, ((row + 1) * values.length) / pair.length)],
        })),
      )
    features.sort((a, b) => (String(a.of) < String(b.of) ? -1 : 1))
    const listed = [...(await home.store.ids(10))].sort()
    return { people, features, listed, investorIds, productIds, rows: { ...rows, knownAt: rows.knownAt.length } }
  })

const configured = { identifiersKey: key }
const opened = async (dir: string, installation: Installation, changes: Partial<Configuration>): Promise<Home> =>
  openHome(dir, { ...installation.configuration, ...changes })

test('under a key, everything is as in clear for callers, and no id nor date of birth is in a file', async () => {
  const [clear, encrypted] = [await installed(), await installed(configured)]
  await fill(clear)
  await fill(encrypted)
  const [before, under] = [await seen(clear), await seen(encrypted)]
  expect(under).toEqual(before)
  expect(before.people[0]?.profiles).toHaveLength(3)
  for (const text of [...ids, '1961-07-09', '98765432101', 'bought-P1'])
    for (const [installation, isHeld] of [
      [clear, true],
      [encrypted, false],
    ] as const) {
      const held = await heldBelow(installation.dir)
      const files = held.filter(({ bytes }) => bytes.includes(text)).map(({ file }) => file)
      expect({ text, files }).toEqual({
        text,
        files: isHeld ? (expect.arrayContaining([expect.any(String)]) as string[]) : [],
      })
    }
}, 60_000)

test('a missing and another key are refused, in words', async () => {
  const installation = await installed(configured)
  await fill(installation)
  const { dir } = installation
  const { identifiersKey: _, ...without } = installation.configuration
  await expect(openHome(dir, without)).rejects.toThrow(/encrypted under the key [0-9a-f]{8}: set APTUS_IDENTIFIERS_KEY/)
  await expect(opened(dir, installation, { identifiersKey: nextKey })).rejects.toThrow(/give that one, or run/)
  const clear = await installed()
  await expect(opened(clear.dir, clear, { identifiersKey: key })).rejects.toThrow(/lie in clear: run/)
})

test('a rotation leads from the clear to a key, to another and back, may be cut short, and erases as before', async () => {
  const clear = await installed()
  await fill(clear)
  const before = await seen(clear)
  const steps = [
    [null, key],
    [key, nextKey],
    [nextKey, null],
  ] as const
  for (const [from, to] of steps) {
    const rekeying = [cipherOf(from), cipherOf(to)] as const
    const rotate = (told: () => void = () => undefined) =>
      rotateIdentifiers(clear.dir, { redisUrl: null }, rekeying, told)
    await expect(
      rotate(() => {
        throw new Error('a crash here')
      }),
    ).rejects.toThrow('a crash here')
    clear.configure(to === null ? {} : { identifiersKey: to })
    await expect(clear.open()).rejects.toThrow('cut short')
    await rotate()
    expect(await seen(clear)).toEqual({
      ...before,
      people: before.people.map((person) => ({ ...person, decisions: expect.any(Number) as number })),
    })
    const held = (await heldBelow(clear.dir)).filter(({ bytes }) => bytes.includes(ids[0] ?? ''))
    expect(held.length > 0).toBe(to === null)
    await expect(rotate()).rejects.toThrow('APTUS_IDENTIFIERS_OLD_KEY')
  }
  await rotateIdentifiers(clear.dir, { redisUrl: null }, [null, cipherOf(key)], () => undefined)
  clear.configure({ identifiersKey: key })
  const token = cipherOf(key)?.tokenOf(ids[0] ?? '') ?? ''
  expect(await filesWith(join(clear.dir, 'history'), token)).not.toEqual([])
  await clear.serve(async (service) => expect(await service.eraseInvestor(defaultFirm, ids[0]!)).not.toBeNull())
  expect(filesHolding(await heldBelow(clear.dir), Buffer.from(token))).toEqual([])
}, 120_000)
