import { type Params } from '../decision.js'
import { type LocalDate } from '../../features/schema/time.js'
import { type Messages, type Pack } from '../suitability/pack.js'
import { type Finding } from '../suitability/reference.js'
import { ruleOn } from '../suitability/rulesFor.js'
import { nameOfInput } from './inputNames.js'
import { fill, type Language } from './texts.js'

/** A finding for a reader: what was found, whose rule it is, and what the investor can do about it; null: nothing. */
export type FindingWords = { readonly text: string; readonly source: string; readonly remedy: string | null }

const words = {
  notInForce: { 'zh-CN': '规则包{pack}当时未生效', en: 'rule pack {pack} was not in force at that instant' },
  missing: {
    'zh-CN': '{name}未知，无法判断该产品是否适合您，因此排除',
    en: 'It is not known: {name}. Without it nobody can judge whether the product suits you, so it is left out',
  },
  error: { 'zh-CN': '该规则无法判断，因此排除', en: 'The rule could not be judged, so the product is left out' },
} as const satisfies Record<string, Record<Language, string>>

/** In the pack's own words, by the version of the rule that was in force on `today` of the pack's calendar. */
export function wordsOfFinding(finding: Finding, pack: Pack, today: LocalDate, language: Language): FindingWords {
  const { ruleId, code, params } = finding
  const rule = ruleOn(pack, ruleId, today)
  if (rule === null) return { text: fill(words.notInForce[language], { pack: pack.id }), source: pack.id, remedy: null }
  const text =
    code === 'unmet'
      ? fill(rule.messages[language], params)
      : code === 'missing'
        ? fill(words.missing[language], { name: nameOf(params['input'], language) })
        : words.error[language]
  return { text, source: rule.source, remedy: remedyOf(rule.remedy, params, language) }
}

const nameOf = (input: string | number | undefined, language: Language): string =>
  nameOfInput(String(input))?.[language] ?? String(input)

/** What an investor can do about a rule, where it says so and what it names is known; a fault of data he cannot mend. */
export function remedyOf(remedy: Messages | undefined, params: Params, language: Language): string | null {
  if (remedy === undefined) return null
  const named = [...remedy[language].matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '')
  return named.every((name) => params[name] !== undefined) ? fill(remedy[language], params) : null
}
