import { readFileSync } from 'node:fs'
import { randomInvestor, randomProduct, seeded } from '../../tests/randomMarket.js'
import { ClassVector } from './classVector.js'
import { Registers } from './compileExpression.js'
import { changedOrdinals, changesOf, compilationAfter, compilationOf } from './compilation.js'
import { type ProductInputs, productInputsOf, subjectOf } from './inputs.js'
import { readPack } from './readPack.js'
import { compilePack } from './verdicts.js'

const at = Date.parse('2026-05-08T15:00:00Z')
const cn = readPack(readFileSync('packs/cn-2026.yaml'), 'cn-2026.yaml')
const random = seeded(5)
const products = Array.from({ length: 100 }, (_, index) => randomProduct(random, index, at))
const inputs = products.map((product) => productInputsOf(product, cn.timeZone))
const subjects = Array.from({ length: 300 }, (_, n) =>
  subjectOf(
    { profile: randomInvestor(random, n, at), knownAt: at - 1, behaviour: { purchased: [], viewed: [] } },
    'push',
    cn,
    at,
  ),
)

test('what differs between two lists of products; a shorter one is no continuation', () => {
  const [a, b, c] = products
  expect(changedOrdinals([a!, b!], [a!, c!, b!])).toEqual([1, 2])
  expect(changedOrdinals([a!, b!], [a!, b!])).toEqual([])
  expect(changedOrdinals([a!, b!], [a!])).toBeNull()
})

test('the fields that differ, by value: equal lists are equal', () => {
  const before: ProductInputs[] = [{ ...inputs[0]!, sri: 3, objectives: ['income', 'growth'], negativeLevels: [1] }]
  const after = [{ ...before[0]!, sri: 4, objectives: ['income', 'growth'], negativeLevels: [2] }, inputs[1]!]
  expect(changesOf([0, 1], before, after)).toEqual({
    ordinals: [0, 1],
    fields: new Set(['sri', 'negativeLevels']),
    grown: true,
  })
})

test.each([
  [['income'], ['income', 'growth'], true],
  [['income', 'growth'], ['income'], true],
  [['income', 'growth'], ['income', 'preservation'], true],
  [null, ['income'], true],
  [['income'], null, true],
  [['income', 'growth'], ['income', 'growth'], false],
])('objectives %j and then %j differ: %s', (was, is, differ) => {
  const [before, after] = [was, is].map((objectives) => [{ ...inputs[0]!, objectives }])
  expect(changesOf([0], before!, after!).fields.has('objectives')).toBe(differ)
})

test('after a change of status, tables and rows that read no status are those of before', () => {
  const base = compilationOf(cn, inputs)
  const status = inputs[7]!.status === 'open' ? 'closed' : 'open'
  const changed = inputs.map((product, ordinal) => (ordinal === 7 ? { ...product, status } : product))
  const next = compilationAfter(base, changed, changesOf([7], inputs, changed))
  expect(next.tables).toEqual(compilationOf(cn, changed).tables)
  const reading = (place: number): boolean => base.plan.asked.predicates[place]!.fields.includes('status')
  next.tables.bits.forEach((bits, place) => expect(bits === base.tables.bits[place]).toBe(!reading(place)))
  next.tables.columns.forEach((column, place) => expect(column).toBe(base.tables.columns[place]))
  const renewed = base.plan.rules.flatMap(({ rule }, place) => (next.rows[place] === base.rows[place] ? [] : [rule.id]))
  expect(renewed).toEqual(['CN-LIFE', 'CN-LIMIT-TOLD'])
})

test('a pack is planned once: what excludes or warns, and each question of however many rules', () => {
  // Not the pack above, which is planned already.
  const { plan, tables } = compilationOf({ ...cn }, inputs)
  const judging = cn.rules.filter(({ effect }) => effect !== 'non-personal')
  expect(plan.rules.map(({ rule }) => rule.id)).toEqual(judging.map(({ id }) => id))
  const { predicates, fields } = plan.asked
  expect(new Set(predicates.map(({ id }) => id)).size).toBe(predicates.length)
  expect(new Set(fields).size).toBe(fields.length)
  expect([tables.bits.length, tables.columns.length]).toEqual([predicates.length, fields.length])
})

test('a class is judged once, and what a rule says of several classes is one set', () => {
  const compiled = compilePack(products, cn)
  const classes = new Map(subjects.map((subject) => [compiled.classOf(subject), compiled.judge(subject)]))
  for (const subject of subjects) expect(compiled.judge({ ...subject })).toBe(classes.get(compiled.classOf(subject)))
  const sets = new Set([...classes.values()].flatMap(({ blockedBy }) => blockedBy.map(({ bits }) => bits)))
  expect(sets.size).toBeLessThan((classes.size * cn.rules.length) / 10)
})

test('more classes than are kept are judged as before', () => {
  const compiled = compilePack(products, cn)
  const digests = subjects.map((subject) => compiled.judge(subject).digest)
  const lists = (n: number) => products.filter((_, bit) => (n >> bit) & 1).map(({ id }) => id)
  const widest = subjects.find((subject) => compiled.judge(subject).permittedCount > 0)!
  // 8,192 are kept at most.
  for (let n = 0; n < 9000; n++)
    compiled.judge({ ...widest, investor: { ...widest.investor, recentlyRedeemed: lists(n) } })
  expect(subjects.map((subject) => compiled.judge(subject).digest)).toEqual(digests)
})

test('a rule that reads more of a class than was written is a fault, not a permission', () => {
  const { plan, tables } = compilationOf(cn, inputs)
  const row = () => plan.rules[0]!.row(new ClassVector(), tables, new Registers(tables.none.length))
  expect(row).toThrow('more of a class vector')
})
