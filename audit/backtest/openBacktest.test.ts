import { readFileSync } from 'node:fs'
import { extendPack, readPack } from '../../engine/suitability/readPack.js'
import { type Name } from '../../engine/suitability/expression.js'
import { type Pack } from '../../engine/suitability/pack.js'
import { referenceOf } from '../../engine/suitability/reference.js'
import { productInputsOf, subjectOf } from '../../engine/suitability/inputs.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { type Product } from '../../features/schema/product.js'
import { dateOfDayNumber } from '../../features/schema/time.js'
import { DecisionId, type Digest, FirmId } from '../../features/schema/ids.js'
import { counted } from '../../tests/full.js'
import { at, each, holds, market } from '../../tests/lawMarket.js'
import { naiveBacktest, outcomeUnder } from '../../tests/naiveBacktest.js'
import { randomFirmPack } from '../../tests/randomFirmPack.js'
import { randomInvestor, randomProduct, seeded, sumsOf } from '../../tests/randomMarket.js'
import { catalogueOf } from '../../tests/randomRelease.js'
import { entryOf, Commitment, Pseudonym } from '../entry.js'
import { type Judged, servedIn } from './compared.js'
import { type Example } from './backtest.js'
import { ageBandOf, levelOf } from './investorGroups.js'
import { type OpenBacktest, openBacktest } from './openBacktest.js'

const circumstances = {
  firmId: FirmId.parse('default'),
  from: null,
  to: null,
  ledger: { entries: 0, head: '' },
  erased: 0,
  leftOut: 0,
}
const none = Commitment.parse(`hmac-sha256:${'0'.repeat(64)}`)
const commitments = { inputsCommitment: none, verdictCommitment: none, statementsCommitment: none }
const investors = 8

const dayMs = 86_400_000
/** Most random products are excluded by a fault of data: those of these are few. */
const sound = (product: Product): Product => ({
  ...product,
  status: 'open',
  statusAt: at - dayMs,
  rating: product.rating && { ...product.rating, ratedAt: at - dayMs },
  managerRiskLevel: null,
  sri: product.sri ?? 2,
  complexity: product.complexity ?? 'simple',
  targetMarket: { ...product.targetMarket, objectives: ['income'] },
  facts: product.facts && { ...product.facts, navDate: dateOfDayNumber(Math.floor(at / dayMs) - 1) },
  sustainable: true,
})

/** The catalogue, and a later one: a third of the products rated anew, and one more. */
function catalogues(seed: number): readonly Catalogue[] {
  const { random, facts } = market(seed)
  const first = facts.products.map((product) => (random() < 0.8 ? sound(product) : product))
  const later = first.map((product, ordinal) =>
    random() < 0.3 ? { ...sound(randomProduct(random, ordinal, at)), id: product.id } : product,
  )
  later.push(randomProduct(random, later.length, at))
  return [first, later].map((products, revision) => ({ ...catalogueOf(products), revision: revision + 1 }))
}

/** Decisions of some investors over both catalogues, recorded as serving would, under one pack or another. */
function recorded(seed: number, packs: readonly Pack[]): readonly Judged[] {
  const random = seeded(seed + 1)
  const { facts } = market(seed)
  const people = Array.from({ length: investors }, (_, index) =>
    index % 2 === 0 ? { ...facts.profile, birthDate: `${1940 + 7 * index}-05-08` } : randomInvestor(random, index, at),
  )
  return catalogues(seed).flatMap((catalogue, later) =>
    people.map((profile, index) => {
      const pack = packs[(index + later) % packs.length] as Pack
      const behaviour = { purchased: [], viewed: [], redeemed: [] }
      const investor = sumsOf({ profile, knownAt: at - 1, behaviour, activity: facts.activity }, pack)
      const judged = { catalogue, investor, entry: { at: at + later } as Judged['entry'] }
      const decision = outcomeUnder(pack, judged)
      const pseudonym = Pseudonym.parse(String(index).padStart(32, '0'))
      const decisionId = DecisionId.parse(`d-${later}-${index}`)
      const entry = entryOf(decision, { ...commitments, pseudonym, decisionId, firmId: circumstances.firmId })
      return { ...judged, entry, slate: servedIn(entry.outcome), pack, verdictDigest: decision.verdictDigest }
    }),
  )
}

/** With a rule that judges what is recommended. */
function firmPackOver(base: Pack, seed: number): Pack {
  const { random, subjectFor, inputsFor } = market(seed)
  for (;;) {
    const bytes = randomFirmPack(random, base, inputsFor(base), subjectFor(base, 'push'))
    const pack = extendPack(base, bytes, 'firm.yaml')
    if (pack.rules.at(-1)?.scope !== 'self-initiated') return pack
  }
}

/** What came about in all random markets together: laws of nothing would hold too. */
const seen = { lost: 0, gained: 0, blocked: 0, refusals: 0, tightened: 0 }
const shown = new Set<string>()

/** The pack without some of its rules, of those that do not keep products without a rating out. */
function looser(pack: Pack, seed: number): Pack {
  const random = seeded(seed)
  const rules = pack.rules.filter(({ permits }) => permits.names.some(isRating) || random() < 0.5)
  return { ...pack, rules, digest: `sha256:${String(seed).padStart(64, '0')}` as Digest }
}
const isRating = ({ field }: Name): boolean => field === 'riskLevel' || field === 'ratedDay'

function backtested(candidate: Pack, decisions: readonly Judged[]) {
  const open: OpenBacktest = openBacktest(candidate)
  for (const judged of decisions) open.add(judged)
  return open.result(circumstances)
}

/** The greatest first, those alike by name. */
function expectOrdered<T>(list: readonly T[], weight: (one: T) => number, name: (one: T) => string): void {
  const sorted = [...list].sort((a, b) => weight(b) - weight(a) || (name(a) < name(b) ? -1 : 1))
  expect(list.map(name)).toEqual(sorted.map(name))
}
const told = ({ name, companyName, kind, rating }: Product) => [
  ...[name['zh-CN'], companyName, kind, rating?.level ?? null],
]
const changes = ({ lost, gained }: { readonly lost: number; readonly gained: number }): number => lost + gained

/** A dozen: of each change and rule one, then of each a second, those that were served first. */
function naiveExamples(candidate: Pack, decisions: readonly Judged[]) {
  const found: Pick<Example, 'what' | 'ruleId' | 'level' | 'decisionId' | 'productId' | 'rank'>[] = []
  for (const judged of decisions) {
    const { catalogue, investor, slate, entry, pack } = judged
    const [level, { decisionId }] = [levelOf(inputsOf(judged)), entry]
    const [before = [], after = []] = [pack, candidate].map((each) => {
      const [reference, subject] = [referenceOf(each), subjectOf(investor, 'push', each, entry.at)]
      return catalogue.products.map((product) =>
        reference.findings(productInputsOf(product, each.timeZone), subject).map(({ ruleId }) => ruleId),
      )
    })
    const keep = (what: Example['what'], ruleId: string, ordinal: number, rank: number | null): void => {
      const known = found.some((one) => one.what === what && one.ruleId === ruleId && one.level === level)
      const productId = catalogue.products[ordinal]?.id
      if (!known && productId !== undefined) found.push({ what, ruleId, level, decisionId, productId, rank })
    }
    for (const { productId, rank } of slate) {
      const ordinal = catalogue.products.findIndex(({ id }) => id === productId)
      for (const ruleId of after[ordinal] ?? []) keep('blocked', ruleId, ordinal, rank)
    }
    const withheld = (what: 'lost' | 'gained', by: Pack, held: typeof before, free: typeof before): void => {
      for (const { id } of by.rules) {
        const ordinal = held.findIndex((rules, place) => rules.includes(id) && free[place]?.length === 0)
        if (ordinal !== -1) keep(what, id, ordinal, null)
      }
    }
    withheld('lost', candidate, after, before)
    withheld('gained', pack, before, after)
  }
  const turnOf = ({ what, ruleId, level }: (typeof found)[number]): number =>
    found.filter((one) => one.what === what && one.ruleId === ruleId).findIndex((one) => one.level === level)
  const turns = [...Array(found.length).keys()]
  const kinds = ['blocked', 'lost', 'gained'] as const
  const queues = [...new Set(found.map(({ what, ruleId }) => `${what} ${ruleId}`))]
  return turns
    .flatMap((turn) =>
      kinds.flatMap((kind) =>
        queues.flatMap((queue) =>
          found.filter((one) => one.what === kind && `${one.what} ${one.ruleId}` === queue && turnOf(one) === turn),
        ),
      ),
    )
    .slice(0, 12)
}

const inputsOf = ({ investor, pack, entry }: Judged) => subjectOf(investor, 'push', pack, entry.at).investor

describe.each(each)('over %s', (_, base) => {
  test('every figure is that of the reference, product by product', () => {
    holds((seed) => {
      const [one, other] = [firmPackOver(base, seed), firmPackOver(looser(base, seed), seed + 1)]
      const candidate = seed % 4 === 0 ? one : other
      const decisions = recorded(seed, seed % 3 === 0 ? [one] : [looser(one, seed + 2), base])
      const found = backtested(candidate, decisions)
      const naive = naiveBacktest(candidate, decisions)
      expect(found.total).toEqual(naive.total)
      for (const { level, ...group } of found.levels)
        expect(group).toEqual(naive.levelOf((judged) => levelOf(inputsOf(judged)) === level))
      for (const { ageBand, ...group } of found.ageBands)
        expect(group).toEqual(naive.levelOf((judged) => ageBandOf(inputsOf(judged)) === ageBand))
      for (const groups of [found.levels, found.ageBands])
        expect(groups.reduce((sum, { decisions: times }) => sum + times, 0)).toBe(decisions.length)
      expect(new Set(found.rules)).toEqual(new Set(naive.rules))
      expect(
        new Set(found.products.map(({ productId, lost, gained, items }) => ({ productId, lost, gained, items }))),
      ).toEqual(new Set(naive.products))
      for (const { companyId, companyName: _name, ...group } of found.companies)
        expect(group).toEqual(naive.productGroup((product) => product.companyId === companyId))
      for (const { riskLevel, ...group } of found.riskLevels)
        expect(group).toEqual(naive.productGroup(({ rating }) => (rating?.level ?? 'none') === riskLevel))
      for (const { kind, ...group } of found.kinds)
        expect(group).toEqual(naive.productGroup((product) => product.kind === kind))
      expect(found.companies.map(({ companyId }) => companyId).sort()).toEqual(
        naive.groupsOf(({ companyId }) => companyId),
      )
      expect(found.kinds.map(({ kind }) => kind).sort()).toEqual(naive.groupsOf(({ kind }) => kind))
      const refusals = found.refusals.flatMap(({ before, after, decisions: times }) =>
        Array.from({ length: times }, () => [before, after] as const),
      )
      expect(refusals.map((pair) => JSON.stringify(pair)).sort()).toEqual(
        naive.refusals.map((pair) => JSON.stringify(pair)).sort(),
      )
      expectOrdered(
        found.rules,
        ({ lost, gained }) => lost.pairs + gained.pairs,
        ({ ruleId }) => ruleId,
      )
      expectOrdered(
        found.products,
        ({ lost, gained }) => lost.decisions + gained.decisions,
        ({ productId }) => productId,
      )
      expectOrdered(found.companies, changes, ({ companyId }) => companyId)
      expectOrdered(found.riskLevels, changes, ({ riskLevel }) => riskLevel)
      expectOrdered(found.kinds, changes, ({ kind }) => kind)
      expectOrdered(
        found.refusals,
        ({ decisions: times }) => times,
        ({ before, after }) =>
          [before, after].map((each) => (each === null ? '' : `${each.refusal} ${each.ruleId ?? ''}`)).join(' → '),
      )
      expectOrdered(
        found.judgedBy,
        ({ decisions: times }) => times,
        ({ digest }) => digest,
      )
      const products = decisions.flatMap(({ catalogue }) => catalogue.products)
      for (const { productId: id, name, companyName, kind, riskLevel } of found.products)
        expect(products.filter((product) => product.id === id).map(told)).toContainEqual([
          ...[name, companyName, kind, riskLevel],
        ])
      expect(found.decisions).toMatchObject({ compared: decisions.length, unlikeRecord: 0 })
      seen.lost += found.total.lost
      seen.gained += found.total.gained
      seen.blocked += found.total.blocked.items
      seen.refusals += found.refusals.length
    }, counted(50))
  })

  test('a pack beside itself, and a copy of it beside it, changes nothing', () => {
    const copy = { ...base, digest: `sha256:${'1'.repeat(64)}` as Digest }
    holds((seed) => {
      for (const candidate of [base, copy]) {
        const { total, rules, refusals, products, examples } = backtested(candidate, recorded(seed, [base]))
        expect(total).toMatchObject({ lost: 0, gained: 0, changed: { decisions: 0 }, blocked: { items: 0 } })
        expect([rules, refusals, products, examples]).toEqual([[], [], [], []])
        expect(total.permitted.after).toEqual(total.permitted.before)
      }
    }, 5)
  })

  test('a firm’s own rules over the pack never gain, and admit nobody', () => {
    holds((seed) => {
      const found = backtested(firmPackOver(base, seed), recorded(seed, [base]))
      expect(found.total).toMatchObject({ gained: 0, admitted: { decisions: 0 }, personal: { decisions: 0 } })
      seen.tightened += found.total.lost
    }, counted(60))
  })

  test('the examples are the first of each change, rule and level, as the reference finds them', () => {
    holds((seed) => {
      const decisions = recorded(seed, [base])
      const candidate = firmPackOver(looser(base, seed), seed)
      const { examples } = backtested(candidate, decisions)
      expect(
        examples.map(({ what, ruleId, level, decisionId, productId, rank }) => ({
          ...{ what, ruleId, level, decisionId, productId, rank },
        })),
      ).toEqual(naiveExamples(candidate, decisions))
      for (const { decisionId, productId, ...example } of examples) {
        const judged = decisions.find(({ entry }) => entry.decisionId === decisionId)
        const product = judged?.catalogue.products.find(({ id }) => id === productId)
        const { at: instant, productName, riskLevel, source, words } = example
        expect([instant, productName, riskLevel]).toEqual([
          ...[judged?.entry.at, product?.name['zh-CN'], product?.rating?.level ?? null],
        ])
        const { rules } = example.what === 'gained' && judged !== undefined ? judged.pack : candidate
        expect(source).toBe(rules.find(({ id }) => id === example.ruleId)?.source)
        expect([words.en, words['zh-CN']]).not.toContain('')
        shown.add(example.what)
      }
    }, counted(60))
  })
})

test('the random markets had all of it', () => {
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(0)
  expect([...shown].sort()).toEqual(['blocked', 'gained', 'lost'])
})

test('what the pack of the record says otherwise than it did is counted', () => {
  const base = readPack(readFileSync('packs/cn-2026.yaml'), 'cn-2026.yaml')
  const [first, ...rest] = recorded(1, [base])
  const altered = { ...(first as Judged), verdictDigest: `sha256:${'2'.repeat(64)}` as Digest }
  expect(backtested(base, [altered, ...rest]).decisions.unlikeRecord).toBe(1)
})

test('a pack for offline evaluation is refused', () => {
  const open = readPack(readFileSync('packs/eval-open.yaml'), 'eval-open.yaml')
  expect(() => openBacktest(open)).toThrow('offline evaluation')
})
