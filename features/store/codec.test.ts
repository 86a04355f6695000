import fc from 'fast-check'
import { encode } from 'cborg'
import { foldEvents } from '../definitions/behaviour.js'
import { foldDaily } from '../definitions/daily.js'
import { foldTrades } from '../definitions/holdings.js'
import { noDaily } from '../schema/daily.js'
import { noTrades } from '../schema/holdings.js'
import { type InvestorId, type ProductId } from '../schema/ids.js'
import { AssetBand, IncomeBand, KnowledgeLevel } from '../schema/investor.js'
import { InvestorClass, Objective, ProductKind, ToleranceLevel } from '../schema/levels.js'
import { codecVersion, decodeSnapshot, decodeState, encodeState } from './codec.js'
import { accountFrom, anyEvents, anyProfile } from '../../tests/randomAccounts.js'
import { bareInvestorRecord, eventRecord, investorRecord } from '../../tests/sampleRecords.js'
import { emptyState, type InvestorState, snapshotOf, stateOf } from './state.js'

const id = 'a' as InvestorId
const events = [1, 2, 3].map((n) => eventRecord(`e${n}`, { investorId: id, productId: `p${n}`, at: n * 1e12 }).value)
const folded = { behaviour: foldEvents(events), trades: foldTrades(events), daily: foldDaily(events) }

describe('the codec of the online store', () => {
  test.each<[string, InvestorState]>([
    ['nothing', emptyState],
    ['events alone', { profile: null, ...folded }],
    ['a full profile', { profile: investorRecord(id, 1e12), ...folded }],
    ['a bare profile', { ...emptyState, profile: bareInvestorRecord(id, -5) }],
    [
      'instants and amounts as far apart as they may be',
      {
        ...emptyState,
        behaviour: {
          purchased: [
            { productId: 'p' as never, count: Number.MAX_SAFE_INTEGER, lastAt: 8.64e15 },
            { productId: 'q' as never, count: 1, lastAt: -8.64e15 + 1 },
          ],
          viewed: [],
        },
        trades: {
          products: [],
          plans: [
            {
              productId: 'p' as never,
              at: -8.64e15,
              action: 'started',
              amount: { minor: -Number.MAX_SAFE_INTEGER, currency: 'CNY' },
            },
          ],
        },
      },
    ],
  ])('brings back %s', (_, state) => {
    expect(decodeState(encodeState(state), id)).toEqual(state)
    expect(decodeSnapshot(encodeState(state), id)).toEqual(snapshotOf(state))
  })

  test('brings back every profile with whatever he did', () => {
    fc.assert(
      fc.property(anyProfile(id), anyEvents(id, 300), (profile, drawn) => {
        const state = stateOf(accountFrom(profile, drawn))
        const bytes = encodeState(state)
        expect(decodeState(bytes, id)).toEqual(state)
        expect(decodeSnapshot(bytes, id)).toEqual(snapshotOf(state))
        expect(Object.keys(decodeState(bytes, id).profile?.value ?? {}).sort()).toEqual(
          Object.keys(profile.value).sort(),
        )
      }),
      { numRuns: 60 },
    )
  })

  test('brings back parts that tell different things of the same past', () => {
    fc.assert(
      fc.property(anyEvents(id, 60), anyEvents(id, 60), anyEvents(id, 60), (one, two, three) => {
        const [a, b, c] = [one, two, three].map((drawn) => accountFrom(bareInvestorRecord(id, 5), drawn))
        if (a === undefined || b === undefined || c === undefined) throw new Error('three accounts')
        for (const behaviour of [a.behaviour, b.behaviour])
          for (const daily of [a.daily, c.daily, noDaily]) {
            const state = stateOf({ ...a, behaviour, daily })
            expect(decodeState(encodeState(state), id)).toEqual(state)
          }
      }),
      { numRuns: 40 },
    )
  })

  test('purchases that the trades tell take nothing', () => {
    const state = { profile: null, ...folded }
    const silent = { ...state, behaviour: { purchased: [], viewed: [] } }
    expect(encodeState(state).length).toBeLessThan(encodeState(silent).length)
  })

  test('brings back products of whatever ids, numbered or not', () => {
    const anyId = fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9._:-]{1,20}$/),
      fc.integer({ min: 0, max: 2_000 }).map((n) => `p${String(n).padStart(4, '0')}`),
      fc.integer({ min: 0, max: 2_000 }).map((n) => `sim-p${n}`),
      fc.bigInt({ min: 0n, max: 10n ** 14n }).map((n) => String(n).padStart(15, '9')),
    )
    fc.assert(
      fc.property(fc.uniqueArray(anyId, { maxLength: 60 }), (drawn) => {
        const viewed = drawn.map((productId, n) => ({ productId: productId as ProductId, count: 1, lastAt: n }))
        const state = { ...emptyState, behaviour: { purchased: [], viewed } }
        expect(decodeState(encodeState(state), id)).toEqual(state)
      }),
      { numRuns: 300 },
    )
  })

  test('numbered products take two bytes each', () => {
    const viewed = Array.from({ length: 60 }, (_, n) => ({
      productId: `sim-p${String(7 * n).padStart(6, '0')}` as ProductId,
      count: 1,
      lastAt: 1.6e12,
    }))
    const daily = viewed.map(({ productId, count }) => ({ day: 18_518, kind: 'viewed' as const, productId, count }))
    const bytes = encodeState({ ...emptyState, behaviour: { purchased: [], viewed }, daily })
    expect(bytes.length).toBeLessThan(20 + 60 * (2 + 3))
  })

  test('packs a full profile with three purchases into a sixth of its JSON', () => {
    const state = { profile: investorRecord(id, 1e12), ...folded }
    expect(encodeState(state).length * 6).toBeLessThan(JSON.stringify(state).length)
  })

  test('the lists whose places it writes are as they were: a name may only be added at the end', () => {
    const start = (list: readonly string[]): string => list.join(' ')
    expect(start(InvestorClass.options)).toMatch(/^ordinary professional$/)
    expect(start(ToleranceLevel.options)).toMatch(/^C1 C2 C3 C4 C5/)
    expect(start(Objective.options)).toMatch(/^liquidity preservation income growth aggressive-growth/)
    expect(start(KnowledgeLevel.options)).toMatch(/^none basic experienced/)
    expect(start(AssetBand.options)).toMatch(/^under-30k 30k-80k 80k-300k 300k-3m 3m-5m over-5m/)
    expect(start(IncomeBand.options)).toMatch(/^under-60k 60k-120k 120k-300k 300k-500k over-500k/)
    expect(start(ProductKind.options)).toMatch(
      new RegExp(
        '^money-market short-bond bond bond-mixed index-bond government-bond corporate-bond mixed-conservative mixed-balanced mixed-flexible mixed-equity absolute-return fof-conservative fof-balanced fof-aggressive equity index-equity index-other commodity reit structured stock',
      ),
    )
    const bytes = encodeState({ profile: investorRecord(id, 1e12), ...folded })
    expect(Buffer.from(bytes).toString('hex')).toBe(
      '06050301027031020282b0b4f808df614206712d32303236000100fe391c2404200000c0020003000482b0b4f80800010480d0acf30e00020480d0acf30e000000',
    )
  })

  test('reads a value of version 4', () => {
    const bytes = Buffer.from(
      '040d0301027031020280c0a8ca9a3adf614206712d32303236000100fe3902030224020f0202010203020180c0f9decfae01010181c0a8ca9a3a000181c0a8ca9a3a0000030000000180c0a8ca9a3a00010000018080d194b574000200000180c0f9decfae01000001c59e040102',
      'hex',
    )
    const state = { profile: investorRecord(id, 1e12), ...folded }
    expect(decodeState(bytes, id)).toEqual(state)
    expect(decodeSnapshot(bytes, id)).toEqual(snapshotOf(state))
  })

  test('reads a value of version 1: it has no trades and no daily counts', () => {
    const bytes = new Uint8Array([1, ...encode([0, null, ['p1', 2, 5], []])])
    const purchased = [{ productId: 'p1', count: 2, lastAt: 5 }]
    const expected = { profile: null, behaviour: { purchased, viewed: [] }, trades: noTrades, daily: noDaily }
    expect(decodeState(bytes, id)).toEqual(expected)
  })

  test('reads a value of version 3 with profile, trades, plan and redemptions', () => {
    const trades = encode([[['p1', 1, [5, 7, 'CNY', null], [9, 1, null, null, 3]]], ['p2', 4, 1, null, null]])
    const profile = [
      id,
      'professional',
      ['C2', 3, 'q', 'predicted', true, false],
      [3],
      '1980-02-29',
      ['growth'],
      12,
      500,
    ]
    const rest = [{ bond: 'basic' }, '3m-5m', 'over-500k', 'required', true, false]
    const bytes = new Uint8Array([3, ...encode([8, [...profile, ...rest], [], ['p1', 1, 5], trades, ['p1', 1, 9]])])
    const state = decodeState(bytes, id)
    expect(state.profile).toMatchObject({ knownAt: 8, value: { id, investorClass: 'professional', finances: null } })
    expect(state.behaviour.redeemed).toEqual([{ productId: 'p1', count: 1, lastAt: 9 }])
    expect(state.trades.products[0]?.settled).toEqual({
      lots: [{ boughtAt: 5, amount: { minor: 7, currency: 'CNY' }, unitsMicros: null }],
      unmatchedRedemptions: 1,
    })
    expect(state.trades.plans).toEqual([{ productId: 'p2', at: 4, action: 'stopped', amount: null }])
    expect(decodeState(encodeState(state), id)).toEqual(state)
    expect(decodeSnapshot(bytes, id)).toEqual(snapshotOf(state))
  })

  test('refuses the value of another version, and one that is cut off', () => {
    const bytes = encodeState({ ...emptyState, ...folded })
    expect(() => decodeState(bytes.subarray(0, bytes.length - 1), id)).toThrow(/ends too early/)
    bytes[0] = codecVersion + 2
    expect(() => decodeState(bytes, id)).toThrow(/codec version 8, this program reads 1 to 4 and 6; empty the store/)
    expect(() => decodeSnapshot(bytes, id)).toThrow(/codec version 8/)
  })
})
