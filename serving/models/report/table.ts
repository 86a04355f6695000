import { html, type Html } from '../../http/docs/html.js'

export type Cell = string | Html

/** A table; columns whose head begins with `#` hold figures. It scrolls where it is wider than the page. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  const isFigure = heads.map((head) => head.startsWith('#'))
  return html`<div class="scroll">
    <table>
      <tr>
        ${heads.map((head, place) => html`<th class="${isFigure[place] ? 'n' : 'text'}">${head.replace('#', '')}</th>`)}
      </tr>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell, place) => html`<td class="${isFigure[place] ? 'n' : 'text'}">${cell}</td>`)}
          </tr>`,
      )}
    </table>
  </div>`
}

/** Names and what they are. */
export const facts = (rows: readonly (readonly [string, Cell])[]): Html =>
  html`<div class="scroll">
    <table>
      ${rows.map(
        ([name, value]) =>
          html`<tr>
            <td class="key">${name}</td>
            <td>${value}</td>
          </tr>`,
      )}
    </table>
  </div>`

export const paragraph = (text: string): Html => html`<p>${text}</p>`
export const soft = (text: string): Html => html`<p class="soft">${text}</p>`
