import fc from 'fast-check'
import { encode } from 'cborg'
import { foldEvents } from '../definitions/behaviour.js'
import { foldTrades } from '../definitions/holdings.js'
import { noTrades } from '../schema/holdings.js'
import { type ProductId } from '../schema/ids.js'
import { Finances } from '../schema/investor.js'
import { codecVersion, decodeSnapshot, decodeState, encodeState } from './codec.js'
import { anyTrade, tradeRecord } from '../../tests/randomTrades.js'
import { bareInvestorRecord, eventRecord, investorRecord } from '../../tests/sampleRecords.js'
import { emptyState, type InvestorState, snapshotOf } from './state.js'

const events = [1, 2, 3].map((n) => eventRecord(`e${n}`, { investorId: 'a', productId: `p${n}`, at: n * 1e12 }).value)
const folded = { behaviour: foldEvents(events), trades: foldTrades(events) }

describe('the codec of the online store', () => {
  test.each<[string, InvestorState]>([
    ['nothing', emptyState],
    ['events alone', { profile: null, ...folded }],
    ['a full profile', { profile: investorRecord('a', 1e12), ...folded }],
    ['a bare profile', { ...emptyState, profile: bareInvestorRecord('a', -5) }],
  ])('brings back %s', (_, state) => {
    expect(decodeState(encodeState(state))).toEqual(state)
    expect(decodeSnapshot(encodeState(state))).toEqual(snapshotOf(state))
  })

  test('brings back trades and plans of every kind, settled or not', () => {
    fc.assert(
      fc.property(fc.array(anyTrade, { maxLength: 300, size: 'max' }), (drawn) => {
        const trades = foldTrades(drawn.map((trade, n) => tradeRecord(`e${n}`, 'a', trade).value))
        expect(decodeState(encodeState({ ...emptyState, trades })).trades).toEqual(trades)
      }),
      { numRuns: 30 },
    )
  })

  test('packs a full profile into less than half of its JSON', () => {
    const state = { profile: investorRecord('a', 1e12), ...folded }
    expect(encodeState(state).length * 2).toBeLessThan(JSON.stringify(state).length)
  })

  test('reads a value of version 1: it has no trades', () => {
    const bytes = new Uint8Array([1, ...encode([0, null, ['p1', 2, 5], []])])
    const purchased = [{ productId: 'p1', count: 2, lastAt: 5 }]
    expect(decodeState(bytes)).toEqual({ profile: null, behaviour: { purchased, viewed: [] }, trades: noTrades })
  })

  test('gives finances and redemptions back, with and without trades', () => {
    const finances = Finances.parse({ financialAssets: { minor: 5, currency: 'CNY' }, liquidityNeeds: 'high' })
    const record = investorRecord('a', 1e12)
    const profile = { ...record, value: { ...record.value, finances } }
    const redeemed = [{ productId: 'p1' as ProductId, count: 2, lastAt: 5 }]
    for (const trades of [folded.trades, noTrades]) {
      const state = { profile, behaviour: { ...folded.behaviour, redeemed }, trades }
      expect(decodeState(encodeState(state))).toEqual(state)
    }
  })

  test('refuses the value of another version', () => {
    const bytes = encodeState(emptyState)
    bytes[0] = codecVersion + 1
    expect(() => decodeState(bytes)).toThrow(/codec version 4, this program reads 3; empty the store/)
    expect(() => decodeSnapshot(bytes)).toThrow(/codec version 4/)
  })
})
