import { Pseudonym } from '../commitment.js'
import { columns, type Row } from './columns.js'
import { foundOf, personsIn } from './found.js'

const empty = Object.fromEntries(columns.map(({ name }) => [name, null])) as Row
const pseudonym = '1'.repeat(32)
const row = (changes: Partial<Row>): Row => ({
  ...empty,
  ...{ ledger_index: 7, entry_id: 'd-7', type: 'decision', at_ms: 5, pseudonym, ...changes },
})
const nothing = {
  ...{ productId: null, verdict: null, withheld: null, blockedBy: [], warnedBy: [] },
  ...{ level: null, investorClass: null, ageBand: null },
}

test('what stands in no cell is null, and lists are empty', () => {
  const open = { ledgerIndex: 7, entryId: 'd-7', type: 'decision', firmId: null, pseudonym, at: 5, mode: null }
  expect(foundOf(row({}))).toEqual({
    ...{ ...open, scene: null, outcome: null, refusal: null, refusedBy: null, release: null, packDigest: null },
    ...{ catalogueRevision: null, products: [], sealed: null },
  })
})

test('each cell goes under its name', () => {
  const open = { mode: 'live', scene: 'home', outcome: 'refusal', refusal: 'no-assessment', release: 'r' }
  const cells = { firm: 'f', refused_by: 'CN-A', pack: 'p', catalogue_revision: 3, products: ' P1 P2 ' }
  expect(foundOf(row({ ...open, ...cells }))).toMatchObject({
    ...{ ...open, firmId: 'f', refusedBy: 'CN-A', packDigest: 'p', catalogueRevision: 3, products: ['P1', 'P2'] },
  })
})

test('what is sealed is told where it is kept, and by its state where it is not', () => {
  expect(foundOf(row({ sealed: 'kept' })).sealed).toEqual(nothing)
  const rules = ' blocked/CN-A warned/CN-B withheld/CN-C blocked/CN-D '
  const withheld = { withheld: '{"CN-C":2}', withheld_total: 3 }
  const whose = { level: 'C3', investor_class: 'ordinary', age_band: '25–34', product: 'P9', verdict: 'block' }
  expect(foundOf(row({ sealed: 'kept', rules, ...withheld, ...whose })).sealed).toEqual({
    ...{ productId: 'P9', verdict: 'block', withheld: { total: 3, byRule: { 'CN-C': 2 } } },
    ...{ blockedBy: ['CN-A', 'CN-D'], warnedBy: ['CN-B'] },
    ...{ level: 'C3', investorClass: 'ordinary', ageBand: '25–34' },
  })
  for (const sealed of ['erased', 'lost']) expect(foundOf(row({ sealed })).sealed).toBe(sealed)
})

test('persons are those of whom something sealed is told', () => {
  const found = [
    row({ sealed: 'kept' }),
    row({ sealed: 'kept', pseudonym: null }),
    ...['erased', 'lost', null].map((sealed) => row({ sealed, pseudonym: '2'.repeat(32) })),
  ]
  expect(personsIn(found.map(foundOf))).toEqual([Pseudonym.parse(pseudonym)])
})
