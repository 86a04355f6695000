import { mostPoints, type Question, type QuestionnaireText, type ScalarFact, scalarFacts } from './questionnaire.js'

type FaultAt = { readonly path: readonly PropertyKey[]; readonly message: string }

/** What is wrong with a questionnaire as a whole, though each of its fields may be in order. */
export const questionnaireFaults = (questionnaire: QuestionnaireText): readonly FaultAt[] => [
  ...levelFaults(questionnaire),
  ...repeated(questionnaire.questions, ['questions']),
  ...repeated(questionnaire.contradictions, ['contradictions']),
  ...questionnaire.questions.flatMap(questionFaults),
  ...scalarFaults(questionnaire.questions),
  ...profileFaults(questionnaire.questions),
  ...questionnaire.contradictions.flatMap(({ between }, index) =>
    contradictionFaults(between, questionnaire.questions, ['contradictions', index, 'between']),
  ),
]

function levelFaults({ levels, questions }: QuestionnaireText): readonly FaultAt[] {
  const most = mostPoints({ questions })
  return levels.flatMap(({ level, fromPoints }, index): FaultAt[] => {
    const path = ['levels', index, 'fromPoints']
    if (index === 0) return fromPoints === 0 ? [] : [{ path, message: `${level} is for everyone else: want 0` }]
    const before = levels[index - 1]
    if (before !== undefined && fromPoints <= before.fromPoints)
      return [
        { path, message: `${level} must want more points than ${before.level}, which is from ${before.fromPoints}` },
      ]
    return fromPoints <= most
      ? []
      : [{ path, message: `nobody can be given ${level}: the answers come to ${most} points at most; want fewer` }]
  })
}

const repeated = (all: readonly { readonly id: string }[], path: readonly PropertyKey[]): readonly FaultAt[] =>
  all.flatMap(({ id }, index) =>
    all.findIndex((other) => other.id === id) < index
      ? [{ path: [...path, index, 'id'], message: `the id ${id} is already taken; give it another` }]
      : [],
  )

function questionFaults({ id, select, options }: Question, index: number): readonly FaultAt[] {
  const path = ['questions', index, 'options']
  const single = select === 'one'
  return [
    ...repeated(options, path),
    ...options.flatMap((option, place): FaultAt[] => [
      ...(single && option.alone === true
        ? [{ path: [...path, place, 'alone'], message: `${id} takes one answer, so each stands alone; take it out` }]
        : []),
      ...(option.sets.acceptsNoLoss === true && option.atMost !== 'C1'
        ? [{ path: [...path, place, 'sets'], message: 'whoever accepts no loss is C1 at most: add atMost: C1' }]
        : []),
    ]),
  ]
}

/** A fact of one value comes from one question, which takes one answer and sets it in each. */
const scalarFaults = (questions: readonly Question[]): readonly FaultAt[] =>
  scalarFacts.flatMap((fact) => {
    const setting = questions.flatMap((question, index) =>
      question.options.some(({ sets }) => sets[fact] !== undefined) ? [{ question, index }] : [],
    )
    return setting.flatMap(({ question, index }, place) => {
      if (place > 0)
        return [{ path: ['questions', index], message: `${fact} is set by ${setting[0]?.question.id ?? ''} already` }]
      if (question.select === 'many')
        return [
          { path: ['questions', index, 'select'], message: `sets ${fact}, of which there is one: want select: one` },
        ]
      return withoutFact(question, index, fact)
    })
  })

const withoutFact = ({ id, options }: Question, index: number, fact: ScalarFact): readonly FaultAt[] =>
  options.flatMap(({ sets }, place) =>
    sets[fact] === undefined
      ? [{ path: ['questions', index, 'options', place], message: `sets no ${fact}, as others of ${id} do; add it` }]
      : [],
  )

/** What every assessment has to learn: rules that push read it, and without it would exclude everything. */
function profileFaults(questions: readonly Question[]): readonly FaultAt[] {
  const options = questions.flatMap((question) => question.options)
  const lacking = (['horizonMonths', 'objectives', 'lossCapacityBps', 'acceptsNoLoss'] as const).filter(
    (fact) => !options.some(({ sets }) => sets[fact] !== undefined),
  )
  return lacking.map((fact) => ({
    path: ['questions'],
    message: `no option sets ${fact}: add a question that asks for it, for rules read it`,
  }))
}

function contradictionFaults(
  between: readonly [string, string],
  questions: readonly Question[],
  path: readonly PropertyKey[],
): readonly FaultAt[] {
  const known = (choice: string): Question | undefined =>
    questions.find(({ id, options }) => options.some((option) => `${id}.${option.id}` === choice))
  const unknown = between.filter((choice) => known(choice) === undefined)
  if (unknown.length > 0)
    return unknown.map((choice) => ({ path, message: `there is no option ${choice}; name one as QUESTION.OPTION` }))
  const [one, other] = between.map(known)
  return one === other && (one?.select === 'one' || between[0] === between[1])
    ? [{ path, message: `${between.join(' and ')} are never chosen together; name options of two questions` }]
    : []
}
