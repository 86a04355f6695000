/** Markup that is safe to put on the page as it is. */
export type Html = { readonly markup: string }

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)

type Part = string | number | Html | readonly Html[]

/** A template whose strings are escaped and whose markup is not. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const markup = strings.map((string, place) => {
    const part = parts[place]
    return part === undefined ? string : string + markupOf(part)
  })
  return { markup: markup.join('') }
}

const markupOf = (part: Part): string => {
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part))
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('')
}

/** Markup of our own source that is no template, such as a style sheet. */
export const asIs = (markup: string): Html => ({ markup })

export const nothing: Html = { markup: '' }
