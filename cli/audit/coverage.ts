import { Command } from 'commander'
import { type Coverage, type NeverPermitted } from '../../serving/audit/entries/entrySearch.js'
import { print } from '../output.js'
import { type InPeriod, withEntries, withPeriod } from './entries.js'

type CoverageOptions = InPeriod & { readonly permitted: boolean }

async function coverage({ data, json, firm, from, to, permitted }: CoverageOptions): Promise<void> {
  const [found, neverPermitted] = await withEntries(data, async (entries) => [
    await entries.coverage(firm, { from, to }),
    permitted ? await entries.neverPermitted(firm, { from, to }) : null,
  ])
  print(json, { ...found, neverPermitted }, () =>
    [coverageInWords(found), ...(neverPermitted === null ? [] : [permittedInWords(neverPermitted)])].join('\n'),
  )
}

const permittedInWords = ({ ids, of, judged }: NeverPermitted): string =>
  `products that the rules permitted to nobody, of ${judged} decisions judged again: ${ids.length} of ${of}: ${list(ids)}`

const listed = 20

const list = (names: readonly string[]): string =>
  names.length === 0
    ? 'none'
    : `${names.slice(0, listed).join(', ')}${names.length > listed ? ` and ${names.length - listed} more (--json)` : ''}`

function coverageInWords(found: Coverage): string {
  const counted = (pairs: readonly (readonly [string, number])[]): string =>
    list(pairs.map(([name, entries]) => `${name} ${entries}`))
  const { packRules, neverShown, neverClasses } = found
  return [
    `entries: ${counted(found.types.map(({ type, entries }) => [type, entries]))}`,
    `outcomes: ${counted(found.outcomes.map(({ outcome, entries }) => [outcome, entries]))}`,
    `refusals: ${counted(found.refusals.map(({ refusal, entries }) => [refusal, entries]))}; never: ${list(found.neverRefusals)}`,
    `scenes: ${counted(found.scenes.map(({ scene, entries }) => [scene, entries]))}; never: ${list(found.neverScenes)}`,
    `rules: ${counted(found.rules.map(({ effect, ruleId, entries }) => [`${ruleId} ${effect}`, entries]))}`,
    ...packRules.map(
      ({ id, version, rules, never }) =>
        `pack ${id} version ${version}, rules that never occurred: ${list(never)} (of ${rules})`,
    ),
    `products never shown: ${neverShown.products} of ${neverShown.of}: ${list(neverShown.ids)}`,
    `classes with decisions: ${found.classes.length}; without: ${neverClasses.length}: ${list(neverClasses.map(({ level, investorClass, ageBand }) => `${level} ${investorClass} ${ageBand}`))}`,
    ...(found.erased > 0
      ? [`of ${found.erased} decisions the persons were erased: they count in no rule and no class`]
      : []),
  ].join('\n')
}

export const coverageCommand = (): Command =>
  withPeriod(
    new Command('coverage').description(
      'what occurred in live traffic, and which rules, classes and products never did',
    ),
  )
    .option('--permitted', 'also the products that were permitted to nobody: judges all decisions again', false)
    .action(coverage)
