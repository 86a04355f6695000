import { html, type Html } from '../../http/docs/html.js'
import { soft } from './table.js'
import { type Sample } from './samples.js'

/** What some investors would be shown, and why. */
export function slates(samples: readonly Sample[]): Html {
  if (samples.length === 0)
    return soft('None: nobody is in the online store, or the rule pack is for evaluation alone.')
  return html`${soft(
      'Investors drawn by the seed, of each level in turn; the first five of ten, as they would be served now: with the live rules, the gate and the caps. Reasons leave out what they would say of the person. Nothing of this was recorded.',
    )}
    <div class="cards wide">${samples.map(card)}</div>`
}

const card = ({ level, purchases, refusal, items }: Sample, place: number): Html =>
  html`<section class="card">
    <h3>Investor ${place + 1}: ${level}</h3>
    <p class="soft">${purchases}</p>
    ${
      refusal === null
        ? html`<ol>
            ${items.map(item)}
          </ol>`
        : html`<p>Nothing is shown: ${refusal}</p>`
    }
  </section>`

const item = ({ name, kind, riskLevel, reasons }: Sample['items'][number]): Html =>
  html`<li>
    ${name} <span class="soft">${kind}, ${riskLevel}${reasons.length === 0 ? '' : `: ${reasons.join(', ')}`}</span>
  </li>`
