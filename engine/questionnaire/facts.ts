import { type KnowledgeLevel } from '../../features/schema/investor.js'
import { Objective, ProductKind } from '../../features/schema/levels.js'
import { type Option, type OptionFacts, type Question, type ScalarFact, scalarFacts } from './questionnaire.js'

type Scalars = { readonly [Fact in ScalarFact]?: Exclude<OptionFacts[Fact], undefined> }

/** What the answers say of the investor. Knowledge names every kind that the questionnaire asks about. */
export type Facts = Scalars & {
  readonly acceptsNoLoss: boolean
  readonly objectives: readonly Objective[]
  readonly knowledge: Readonly<Partial<Record<ProductKind, KnowledgeLevel>>>
}

/** The facts of the chosen options of a questionnaire. */
export function factsOf(questions: readonly Question[], chosen: readonly Option[]): Facts {
  const sets = chosen.map((option) => option.sets)
  const wanted = new Set(sets.flatMap(({ objectives }) => objectives ?? []))
  return {
    ...scalarsOf(sets),
    acceptsNoLoss: sets.some(({ acceptsNoLoss }) => acceptsNoLoss === true),
    objectives: Objective.options.filter((objective) => wanted.has(objective)),
    knowledge: knowledgeOf(questions, sets),
  }
}

/** Each comes from one question with one answer: see questionnaireFaults.ts. */
const scalarsOf = (sets: readonly OptionFacts[]): Scalars =>
  Object.fromEntries(
    scalarFacts.flatMap((fact) => {
      const value = sets.find((each) => each[fact] !== undefined)?.[fact]
      return value === undefined ? [] : [[fact, value]]
    }),
  )

const knowledgeOrder: readonly KnowledgeLevel[] = ['none', 'basic', 'experienced']

/** Of each kind that any option names, the most that a chosen one says; `none` where none does. */
function knowledgeOf(questions: readonly Question[], sets: readonly OptionFacts[]): Facts['knowledge'] {
  const asked = new Set(
    questions.flatMap(({ options }) => options.flatMap((option) => Object.keys(option.sets.knowledge ?? {}))),
  )
  return Object.fromEntries(
    ProductKind.options
      .filter((kind) => asked.has(kind))
      .map((kind) => [kind, mostKnown(sets.map(({ knowledge }) => knowledge?.[kind] ?? 'none'))]),
  )
}

const mostKnown = (levels: readonly KnowledgeLevel[]): KnowledgeLevel =>
  knowledgeOrder.findLast((level) => levels.includes(level)) ?? 'none'
