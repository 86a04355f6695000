import { type Messages } from './pack.js'

type Texts = Readonly<Record<string, Messages>>
export type TextFault = { readonly name: string; readonly message: string }

const languages = ['zh-CN', 'en'] as const
const included = /\{text\.([^}]*)\}/g
const namesIn = (messages: Messages): readonly string[] =>
  languages.flatMap((language) => [...messages[language].matchAll(included)].map((found) => found[1] ?? ''))

/** Texts that are named and not there, and texts that hold themselves. */
export function faultsOfTexts(texts: Texts): readonly TextFault[] {
  return Object.keys(texts).flatMap((name) => {
    const own = texts[name]
    const cycle = cycleFrom(name, texts, [])
    return [
      ...(own === undefined ? [] : unknownTexts(own, texts).map((message) => ({ name, message }))),
      ...(cycle === null
        ? []
        : [{ name, message: `the text holds itself: ${cycle.join(' → ')}; take one of them out` }]),
    ]
  })
}

export const unknownTexts = (messages: Messages, texts: Texts): readonly string[] =>
  [...new Set(namesIn(messages))]
    .filter((name) => !Object.hasOwn(texts, name))
    .map((name) => `{text.${name}} is not among the texts of the pack; add it there`)

function cycleFrom(name: string, texts: Texts, path: readonly string[]): readonly string[] | null {
  if (path.includes(name)) return path[0] === name ? [...path, name] : null
  const messages = Object.hasOwn(texts, name) ? texts[name] : undefined
  for (const next of messages === undefined ? [] : namesIn(messages)) {
    const found = cycleFrom(next, texts, [...path, name])
    if (found !== null) return found
  }
  return null
}

/** Messages with each text in its place. The texts must be without faults. */
export const withTexts = (messages: Messages, texts: Texts): Messages => ({
  'zh-CN': filled(messages['zh-CN'], 'zh-CN', texts),
  en: filled(messages.en, 'en', texts),
})

const filled = (message: string, language: (typeof languages)[number], texts: Texts): string =>
  message.replace(included, (_, name: string) => filled(texts[name]?.[language] ?? '', language, texts))
