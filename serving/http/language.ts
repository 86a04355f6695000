import { type Language } from '../../engine/explanation/texts.js'

/**
 * The language of an answer's words, by Accept-Language (RFC 9110 §12.5.4): the heaviest range that we have words for,
 * of equals the first; Chinese where the header is absent, says `*`, or names no language of ours.
 */
export function languageOf(header: string | undefined): Language {
  let best: Language = 'zh-CN'
  let weight = 0
  for (const range of (header ?? '').slice(0, 500).split(',')) {
    const [tag = '', ...parameters] = range.trim().toLowerCase().split(';')
    const language = spoken(tag.trim())
    const q = weightOf(parameters)
    if (language !== null && q > weight) [best, weight] = [language, q]
  }
  return best
}

function spoken(tag: string): Language | null {
  const primary = tag.split('-')[0]
  return primary === 'zh' || primary === '*' ? 'zh-CN' : primary === 'en' ? 'en' : null
}

function weightOf(parameters: readonly string[]): number {
  const q = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('q='))
  if (q === undefined) return 1
  const value = Number(q.slice(2))
  return value >= 0 && value <= 1 ? value : 0
}
