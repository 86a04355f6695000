import { type Pack } from '../pack.js'
import { type Declaration, entities } from '../vocabulary.js'
import { table } from './markdown.js'
import { packPage } from './packPage.js'

/** Tables of every name that a rule may read. */
export const vocabularyTables = (): string =>
  Object.entries(entities)
    .map(
      ([entity, declarations]) =>
        `### ${entity}\n\n${table(['name', 'type', 'meaning'], rowsOf(entity, declarations))}`,
    )
    .join('\n\n')

const rowsOf = (entity: string, declarations: Readonly<Record<string, Declaration>>): string[][] =>
  Object.entries(declarations).map(([field, { type, meaning, values }]) => [
    `\`${entity}.${field}\``,
    type,
    values === undefined ? meaning : `${meaning}: ${values.join(', ')}`,
  ])

/** The packs, each with its page. */
export const packsTable = (packs: readonly Pack[]): string =>
  table(
    ['pack', 'title', 'jurisdiction', 'rules', 'page'],
    packs.map(({ id, title, jurisdiction, rules, mode }) => [
      `\`${id}\``,
      mode === 'evaluation' ? `${title.en}: for offline evaluation alone` : title.en,
      jurisdiction,
      String(rules.length),
      mode === 'evaluation' ? '–' : `[rules/${id}.md](rules/${id}.md)`,
    ]),
  )

const begin = (name: string): string => `<!-- made by "aptus rules docs": ${name} -->`
const end = (name: string): string => `<!-- end of ${name} -->`

/** A page with its made parts anew; what people wrote stays. Throws where a mark is absent: the part would be lost. */
export function withMadeParts(text: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((whole, [name, made]) => {
    const [from, to] = [whole.indexOf(begin(name)), whole.indexOf(end(name))]
    if (from === -1 || to < from) throw new Error(`want ${begin(name)} and, after it, ${end(name)} in the page`)
    return `${whole.slice(0, from)}${begin(name)}\n\n${made}\n\n${whole.slice(to)}`
  }, text)
}

/** What the pages are made of: the packs, the text of the example of a firm's own, and `rules.md` as it is. */
export type Manual = { readonly packs: readonly Pack[]; readonly firmExample: string; readonly rulesPage: string }

/** Every page by its path below docs/. */
export const manualPages = ({ packs, firmExample, rulesPage }: Manual): ReadonlyMap<string, string> =>
  new Map([
    [
      'rules.md',
      withMadeParts(rulesPage, {
        packs: packsTable(packs),
        'firm example': `\`\`\`yaml\n${firmExample.trimEnd()}\n\`\`\``,
        names: vocabularyTables(),
      }),
    ],
    ...packs.filter(({ mode }) => mode === 'live').map((pack) => [`rules/${pack.id}.md`, packPage(pack)] as const),
  ])
