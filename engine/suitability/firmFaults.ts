import { wordFaults } from './forbiddenWords.js'
import { type FirmPackText, type Pack } from './pack.js'
import { type PackFaultAt, ruleSetFaults, stepFaults } from './packFaults.js'
import { coverTogether } from './riskCovered.js'

/** What is wrong with a firm's pack over another: it may add to it and shorten its terms, and nothing else. */
export const firmFaults = (base: Pack, firm: FirmPackText): readonly PackFaultAt[] => [
  ...baseFaults(base, firm),
  ...ruleSetFaults(firm.rules, base.mode === 'live'),
  ...wordFaults(firm, base.forbiddenWords, { ...base.texts, ...firm.texts }),
  ...stepFaults(firm, base),
  ...replacingFaults(base, firm),
  ...openingFaults(base, firm),
  ...termFaults(base, firm),
  ...retentionFaults(base, firm),
]

const baseFaults = (base: Pack, firm: FirmPackText): readonly PackFaultAt[] =>
  base.id === firm.extends
    ? []
    : [{ path: ['extends'], message: `these are rules over ${firm.extends}, and ${base.id} was given; want the same` }]

function replacingFaults(base: Pack, firm: FirmPackText): readonly PackFaultAt[] {
  const rules = new Set(base.rules.map(({ id }) => id))
  const standards = new Set(base.standards.map(({ id }) => id))
  const ofRules = firm.rules.flatMap(({ id, effect }, index): PackFaultAt[] => [
    ...(rules.has(id) || standards.has(id)
      ? [
          {
            path: ['rules', index, 'id'],
            message: `${id} is a rule of ${base.id}; a firm adds rules and replaces none: give it another id`,
          },
        ]
      : []),
    ...(effect === 'non-personal'
      ? [{ path: ['rules', index, 'effect'], message: `${id}: a firm's rule blocks or warns; take the effect out` }]
      : []),
  ])
  const ofTexts = Object.keys(firm.texts)
    .filter((name) => Object.hasOwn(base.texts, name))
    .map((name): PackFaultAt => {
      return {
        path: ['texts', name],
        at: 'key',
        message: `${name} is a text of ${base.id}; give it another name`,
      }
    })
  return [...ofRules, ...ofTexts]
}

/** Where the pack blocks by no rule it stops everything (rulesFor.ts), and a firm's rule that blocks would open that. */
const openingFaults = (base: Pack, { rules }: FirmPackText): readonly PackFaultAt[] =>
  rules.flatMap(({ id, scope, blockUnless }, index): PackFaultAt[] =>
    (['push', 'self-initiated'] as const)
      .filter((side) => blockUnless !== undefined && (scope === side || scope === 'both') && !blocksAlways(base, side))
      .map((side) => ({
        path: ['rules', index, 'scope'],
        message: `${id}: ${base.id} has no rule of scope ${side} that blocks on every day, so it stops all of that, and this one would open it; want another scope`,
      })),
  )

const blocksAlways = (base: Pack, side: 'push' | 'self-initiated'): boolean =>
  base.mode === 'evaluation' ||
  coverTogether(
    base.rules.filter(({ effect, scope }) => effect === 'block' && (scope === side || scope === 'both')),
    base,
  )

const termFaults = (base: Pack, { terms }: FirmPackText): readonly PackFaultAt[] =>
  Object.entries(terms).flatMap(([name, value]): PackFaultAt[] => {
    const own = base.terms[name as keyof typeof base.terms]
    const churn = name === 'churnDays'
    const isLooser = value !== undefined && (churn ? value < own : value > own)
    const wanted = `want ${own} or ${churn ? 'more' : 'less'}, or take it out`
    return isLooser
      ? [{ path: ['terms', name], message: `${name} of ${value} is looser than the ${own} of ${base.id}; ${wanted}` }]
      : []
  })

const retentionFaults = (base: Pack, { retention }: FirmPackText): readonly PackFaultAt[] =>
  retention === undefined || retention.years >= base.retention.years
    ? []
    : [
        {
          path: ['retention', 'years'],
          message: `${retention.years} years are fewer than the ${base.retention.years} of ${base.id}; want as many or more, or take retention out`,
        },
      ]
