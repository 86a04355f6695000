import { wordsOfFinding } from '../../engine/explanation/findingWords.js'
import { hasBit } from '../../engine/suitability/bitset.js'
import { referenceFor } from '../../engine/suitability/reference.js'
import { compiledFor } from '../../engine/suitability/verdicts.js'
import { type Example } from './backtest.js'
import { type Compared, type Side } from './compared.js'
import { at } from './counting.js'
import { eachOf } from './investorSets.js'
import { type Level } from './investorGroups.js'

const mostExamples = 12
const kinds = ['blocked', 'lost', 'gained'] as const

/** Keeps the first decision of each kind of change, rule and level. */
export class Examples {
  readonly #first = new Map<string, Example>()

  add(compared: Compared, level: Level): void {
    const { before, after, difference, slate } = compared
    for (const item of slate)
      for (const ruleId of item.blockedBy) this.#keep('blocked', ruleId, level, () => exampleOf(compared, after, item))
    for (const { ruleId } of difference.lostBy)
      this.#keep('lost', ruleId, level, () => exampleOf(compared, after, withheldBy(ruleId, after, difference.lost)))
    for (const { ruleId } of difference.gainedBy)
      this.#keep('gained', ruleId, level, () =>
        exampleOf(compared, before, withheldBy(ruleId, before, difference.gained)),
      )
  }

  #keep(what: Example['what'], ruleId: string, level: Level, make: () => Shown): void {
    at(this.#first, `${what} ${ruleId} ${level}`, () => ({ what, ruleId, level, ...make()(ruleId) }))
  }

  /** One of each kind of change and rule, then a second of each, and so on; served items first. */
  get chosen(): readonly Example[] {
    const queues = new Map<string, Example[]>()
    for (const example of this.#first.values()) at(queues, `${example.what} ${example.ruleId}`, () => []).push(example)
    const turns = [...queues.values()].flatMap((queue) => queue.map((example, turn) => ({ example, turn })))
    const place = ({ what }: Example): number => kinds.indexOf(what)
    return turns
      .sort((a, b) => a.turn - b.turn || place(a.example) - place(b.example))
      .slice(0, mostExamples)
      .map(({ example }) => example)
  }
}

type Shown = (ruleId: string) => Omit<Example, 'what' | 'ruleId' | 'level'>
type Item = { readonly ordinal: number; readonly rank: number | null }

/** The first product of a set that a rule withholds. */
function withheldBy(ruleId: string, { verdicts }: Side, products: Compared['difference']['lost']): Item {
  const bits = verdicts.blockedBy.find((rule) => rule.ruleId === ruleId)?.bits
  let first: number | null = null
  eachOf(products, (ordinal) => {
    if (first === null && bits !== undefined && hasBit(bits, ordinal)) first = ordinal
  })
  if (first === null) throw new Error(`rule ${ruleId} withholds none of the products that it was counted for`)
  return { ordinal: first, rank: null }
}

/** In the words of the rule of `side`: what the reference finds. */
const exampleOf =
  ({ judged: { catalogue, entry } }: Compared, { pack, subject }: Side, { ordinal, rank }: Item): Shown =>
  (ruleId) => {
    const product = catalogue.products[ordinal]
    const inputs = compiledFor(catalogue, pack).inputs[ordinal]
    const finding =
      inputs &&
      referenceFor(pack)
        .findings(inputs, subject)
        .find((found) => found.ruleId === ruleId)
    if (product === undefined || finding === undefined)
      throw new Error(`the reference does not find rule ${ruleId} that the compiled rules found: report this as a bug`)
    const [en, zh] = (['en', 'zh-CN'] as const).map((language) =>
      wordsOfFinding(finding, pack, subject.today, language),
    )
    return {
      decisionId: entry.decisionId,
      at: entry.at,
      productId: product.id,
      productName: product.name['zh-CN'],
      riskLevel: product.rating?.level ?? null,
      rank,
      source: en?.source ?? '',
      words: { en: en?.text ?? '', 'zh-CN': zh?.text ?? '' },
    }
  }
