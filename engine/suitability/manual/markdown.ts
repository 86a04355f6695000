/** Text in a cell of a table: a bar would end it. */
export const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ')

/** A table; every row has as many cells as the head. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')

export const bullets = (items: readonly string[], depth = 0): string =>
  items.map((item) => `${'  '.repeat(depth)}- ${item}`).join('\n')

/** Parts of a page with an empty line between them; empty ones are left out. */
export const page = (parts: readonly string[]): string => `${parts.filter((part) => part !== '').join('\n\n')}\n`
