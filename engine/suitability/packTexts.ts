import { type FaultPlace } from '../yamlPlaces.js'
import { type Messages } from './pack.js'

export type Texts = Readonly<Record<string, Messages>>
export type TextFault = FaultPlace & { readonly message: string }
/** What stands in braces in a message, and where: `text.NAME` or an input. */
export type Placeholder = { readonly language: keyof Messages; readonly name: string; readonly offset: number }

const languages = ['zh-CN', 'en'] as const
const isText = 'text.'

/** What stands in braces in messages, in both languages. */
export const placeholdersIn = (messages: Messages): readonly Placeholder[] =>
  languages.flatMap((language) =>
    [...messages[language].matchAll(/\{([^}]*)\}/g)].map((found): Placeholder => {
      return { language, name: found[1] ?? '', offset: found.index }
    }),
  )

/** The name of the text that a placeholder stands for; null where it stands for an input. */
export const textNamed = ({ name }: Placeholder): string | null =>
  name.startsWith(isText) ? name.slice(isText.length) : null

/** Texts that are named and not there, and texts that hold themselves. */
export function faultsOfTexts(texts: Texts): readonly TextFault[] {
  return Object.entries(texts).flatMap(([name, own]): TextFault[] => {
    const cycle = cycleFrom(name, texts, [])
    const unknown = unknownTexts(own, texts, ['texts', name])
    // A circle is told once, at the first text of it.
    if (cycle === null || firstOf(cycle, texts) !== name) return [...unknown]
    const next = placeholdersIn(own).find((placeholder) => textNamed(placeholder) === cycle[1])
    const message = `the text holds itself: ${cycle.join(' → ')}; take one of them out`
    return [
      ...unknown,
      {
        path: ['texts', name, ...(next === undefined ? [] : [next.language])],
        offset: next?.offset ?? 0,
        message,
      },
    ]
  })
}

const firstOf = (cycle: readonly string[], texts: Texts): string | undefined =>
  Object.keys(texts).find((name) => cycle.includes(name))

/** Each place of messages, which stand at `path`, where a text is named that is not there. */
export const unknownTexts = (messages: Messages, texts: Texts, path: readonly PropertyKey[]): readonly TextFault[] =>
  placeholdersIn(messages).flatMap((placeholder): TextFault[] => {
    const name = textNamed(placeholder)
    if (name === null || Object.hasOwn(texts, name)) return []
    const message = `{${placeholder.name}} is not among the texts of the pack; add it there or correct the name`
    return [{ path: [...path, placeholder.language], offset: placeholder.offset, message }]
  })

function cycleFrom(name: string, texts: Texts, path: readonly string[]): readonly string[] | null {
  if (path.includes(name)) return path[0] === name ? [...path, name] : null
  const messages = Object.hasOwn(texts, name) ? texts[name] : undefined
  for (const placeholder of messages === undefined ? [] : placeholdersIn(messages)) {
    const next = textNamed(placeholder)
    const found = next === null ? null : cycleFrom(next, texts, [...path, name])
    if (found !== null) return found
  }
  return null
}

/** Messages with each text in its place. The texts must be without faults. */
export const withTexts = (messages: Messages, texts: Texts): Messages => ({
  'zh-CN': filled(messages['zh-CN'], 'zh-CN', texts),
  en: filled(messages.en, 'en', texts),
})

const filled = (message: string, language: keyof Messages, texts: Texts): string =>
  message.replace(/\{text\.([^}]*)\}/g, (_, name: string) => filled(texts[name]?.[language] ?? '', language, texts))

/** Inputs that messages show, by way of texts too, and that are not read: each at its place below `path`. */
export const unreadInputs = (
  messages: Messages,
  read: ReadonlySet<string>,
  texts: Texts,
  path: readonly PropertyKey[],
): readonly TextFault[] =>
  placeholdersIn(messages).flatMap((placeholder) => {
    const { language, name, offset } = placeholder
    const shown = textNamed(placeholder) === null ? [name] : inputsOf(`{${name}}`, language, texts)
    return shown
      .filter((input) => !read.has(input))
      .map((input): TextFault => {
        const by = input === name ? '' : ` (by way of {${name}})`
        return {
          path: [...path, language],
          offset,
          message: `{${input}}${by} is not read by the expression; take it out`,
        }
      })
  })

const inputsOf = (message: string, language: keyof Messages, texts: Texts): readonly string[] =>
  [...filled(message, language, texts).matchAll(/\{([^}]*)\}/g)].map((found) => found[1] ?? '')
