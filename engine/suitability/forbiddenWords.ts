import { type Messages, type PackText } from './pack.js'
import { type PackFaultAt } from './packFaults.js'
import { faultsOfTexts, type Texts, unknownTexts, withTexts } from './packTexts.js'

type Forbidden = PackText['forbiddenWords']
type Held = { readonly language: keyof Messages; readonly word: string; readonly offset: number }

/** Forbidden words that texts hold; English ones as whole words, whatever their case and the signs between them. */
export const forbiddenIn = (messages: Messages, forbidden: Forbidden): readonly string[] =>
  heldBy(messages, forbidden).map(({ word }) => word)

const heldBy = (messages: Messages, forbidden: Forbidden): readonly Held[] =>
  (['zh-CN', 'en'] as const).flatMap((language) =>
    forbidden[language].flatMap((word): Held[] => {
      const offset = language === 'en' ? wholeWords(word, messages.en) : messages['zh-CN'].indexOf(word)
      return offset < 0 ? [] : [{ language, word, offset }]
    }),
  )

const wholeWords = (word: string, text: string): number => {
  const words = word.toLowerCase().match(/[a-z0-9%]+/g)
  return words === null ? -1 : text.search(new RegExp(`(?<![a-z0-9%])${words.join('[^a-z0-9%]+')}(?![a-z0-9%])`, 'i'))
}

/** Messages that hold a word which no text to an investor may hold. */
export function wordFaults(
  pack: Pick<PackText, 'rules' | 'confirmations' | 'texts'>,
  forbidden: Forbidden,
  texts: Texts = pack.texts,
): readonly PackFaultAt[] {
  const all: (readonly [readonly PropertyKey[], Messages | undefined])[] = [
    ...pack.rules.flatMap((rule, index) => [
      [['rules', index, 'messages'], rule.messages] as const,
      [['rules', index, 'remedy'], rule.remedy] as const,
    ]),
    ...pack.confirmations.map((step, index) => [['confirmations', index, 'messages'], step.messages] as const),
    ...Object.entries(pack.texts).map(([name, messages]) => [['texts', name], messages] as const),
  ]
  return all.flatMap(([path, messages]) =>
    messages === undefined
      ? []
      : heldIn(messages, texts, forbidden).map(({ language, word, offset }): PackFaultAt => {
          const message = `the words "${word}" must not stand in a text to an investor; write it without them`
          return { path: [...path, language], offset, message }
        }),
  )
}

/** As written, and, where that holds none, as it is told: a word may stand half in a text and half around it. */
function heldIn(messages: Messages, texts: Texts, forbidden: Forbidden): readonly Held[] {
  const written = heldBy(messages, forbidden)
  if (written.length > 0 || faultsOfTexts(texts).length > 0 || unknownTexts(messages, texts, []).length > 0)
    return written
  return heldBy(withTexts(messages, texts), forbidden).map((held) => ({ ...held, offset: 0 }))
}
