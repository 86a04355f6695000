import { foldEvents } from '../definitions/behaviour.js'
import { codecVersion, decodeState, encodeState } from './codec.js'
import { bareInvestorRecord, eventRecord, investorRecord } from '../../tests/sampleRecords.js'
import { emptyState } from './state.js'

const events = [1, 2, 3].map((n) => eventRecord(`e${n}`, { investorId: 'a', productId: `p${n}`, at: n * 1e12 }).value)

describe('the codec of the online store', () => {
  test.each([
    ['nothing', emptyState],
    ['behaviour alone', { profile: null, behaviour: foldEvents(events) }],
    ['a full profile', { profile: investorRecord('a', 1e12), behaviour: foldEvents(events) }],
    ['a bare profile', { profile: bareInvestorRecord('a', -5), behaviour: emptyState.behaviour }],
  ])('brings back %s', (_, state) => {
    expect(decodeState(encodeState(state))).toEqual(state)
  })

  test('packs a full profile into less than half of its JSON', () => {
    const state = { profile: investorRecord('a', 1e12), behaviour: foldEvents(events) }
    expect(encodeState(state).length * 2).toBeLessThan(JSON.stringify(state).length)
  })

  test('refuses the value of another version', () => {
    const bytes = encodeState(emptyState)
    bytes[0] = codecVersion + 1
    expect(() => decodeState(bytes)).toThrow(/codec version 2, this program reads 1; empty the store/)
  })
})
