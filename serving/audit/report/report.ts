import { createHash } from 'node:crypto'
import { type DecisionEntry } from '../../../audit/entry.js'
import { fill, type Language, textOf } from '../../../engine/explanation/texts.js'
import { nameOfInput } from '../../../engine/explanation/inputNames.js'
import { type SlateItem } from '../../../engine/decision.js'
import { type Replayed } from '../../../audit/replay.js'
import { type Pack, type Rule } from '../../../engine/suitability/pack.js'
import { rulesFor } from '../../../engine/suitability/rulesFor.js'
import { declarationOf, type InputValue } from '../../../engine/suitability/vocabulary.js'
import { contextInputsOf } from '../../../engine/suitability/inputs.js'
import { localDate } from '../../../features/definitions/calendar.js'
import { type Catalogue } from '../../../features/schema/catalogue.js'
import { type ProductId } from '../../../features/schema/ids.js'
import { formatInstant } from '../../../features/schema/time.js'
import { asIs, type Html, html, nothing } from '../../http/docs/html.js'
import { type EntryProof } from '../auditService.js'
import { productsOf } from '../products.js'
import { explainer, type RecordedDecision, subjectIn } from '../why.js'
import { style } from './style.js'
import { words } from './words.js'

/** What the report of one decision is made of. `recorded`: null where the investor was erased. */
export type ReportInputs = {
  readonly entry: DecisionEntry
  readonly pack: Pack
  readonly catalogue: Catalogue
  readonly recorded: RecordedDecision | null
  readonly proof: EntryProof
  /** What deciding again came to, just now. */
  readonly replayed: Replayed
  readonly vkey: string
  readonly language: Language
  /** Products whose why or why not is to be told. */
  readonly products: readonly ProductId[]
}

type Say = (which: keyof typeof words, params?: Readonly<Record<string, string | number>>) => string

/** A decision on a page that needs nothing beside itself: to be printed, or handed on. */
export function decisionReport(inputs: ReportInputs): string {
  const { language, entry, recorded } = inputs
  const say: Say = (which, params = {}) => fill(words[which][language], params)
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${say('title')} ${entry.decisionId}</title>
        <style>
          ${asIs(style)}
        </style>
      </head>
      <body>
        <h1>${say('title')}</h1>
        ${circumstances(inputs, say)} ${recorded === null ? html`<p class="note">${say('erased')}</p>` : nothing}
        ${slate(inputs, say)} ${recorded === null ? nothing : investor(recorded, rulesInForce(inputs), say)}
        ${rules(inputs, say)} ${whyNot(inputs, say)} ${proofOf(inputs, say)}
        <footer>${say('foot')}</footer>
      </body>
    </html> `
  return page.markup
}

const facts = (rows: readonly (readonly [string, string | Html])[]): Html =>
  html`<table class="facts">
    ${rows.map(
      ([name, value]) =>
        html`<tr>
          <th scope="row">${name}</th>
          <td>${value}</td>
        </tr>`,
    )}
  </table>`

const code = (text: string): Html => html`<code>${text}</code>`

function circumstances({ entry, pack }: ReportInputs, say: Say): Html {
  const { catalogue } = entry
  return facts([
    [say('decision'), code(entry.decisionId)],
    [say('at'), `${formatInstant(entry.at)} (${localDate(entry.at, pack.timeZone)} ${pack.timeZone})`],
    [say('firm'), entry.firmId],
    [say('person'), code(entry.pseudonym)],
    [say('mode'), say(entry.mode)],
    [say('scene'), entry.scene],
    [say('pack'), html`${say('packOf', { id: pack.id, version: pack.version })} ${code(pack.digest)}`],
    [say('release'), code(entry.release)],
    [say('catalogue'), html`${say('revision', { revision: catalogue.revision })} ${code(catalogue.digest)}`],
  ])
}

/** From the decision with its params; of an erased investor from the entry, which has codes alone. */
function slate({ entry, recorded, catalogue, language }: ReportInputs, say: Say): Html {
  const outcome = recorded?.decision.outcome ?? entry.outcome
  if (outcome.kind === 'refusal')
    return html`<h2>${say('refused')}</h2>
      <p>${say('refusedBy', { refusal: outcome.refusal, rule: outcome.ruleId ?? '–' })}</p>`
  const said = (coded: SlateItem['reasons'][number] | string): Html =>
    html`<li>${typeof coded === 'string' ? coded : textOf(coded, language)}</li>`
  const list = (all: readonly (SlateItem['reasons'][number] | string)[]): Html =>
    html`<ul>
      ${all.map(said)}
    </ul>`
  const rows = outcome.slate.map(
    ({ rank, productId, riskLevel, reasons, disclosures }) =>
      html`<tr>
        <td>${rank}</td>
        <td>${nameIn(catalogue, productId, language)}<br />${code(productId)}</td>
        <td>${riskLevel}</td>
        <td>${list(reasons)}</td>
        <td>${list(disclosures)}</td>
      </tr>`,
  )
  return html`<h2>${say('shown')}</h2>
    ${outcome.kind === 'non-personal' ? html`<p class="note">${say('nonPersonal')}</p>` : nothing}
    <table>
      <thead>
        <tr>
          ${(['rank', 'product', 'level', 'reasons', 'disclosures'] as const).map((head) => html`<th scope="col">${say(head)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`
}

function nameIn({ products, ordinalOf }: Catalogue, id: ProductId, language: Language): string {
  const name = products[ordinalOf.get(id) ?? -1]?.name
  return (language === 'en' ? name?.en : null) ?? name?.['zh-CN'] ?? ''
}

/** Those that were read when the firm recommends. */
function rulesInForce({ entry, pack }: ReportInputs): readonly Rule[] {
  const today = localDate(entry.at, pack.timeZone)
  return rulesFor(pack, { today, context: contextInputsOf('push', pack, today) })
}

/** What the rules in force read of him. */
function investor(recorded: RecordedDecision, inForce: readonly Rule[], say: Say): Html {
  const { language } = recorded
  const shown = (value: InputValue): string => {
    if (value === null) return say('unknown')
    if (typeof value === 'boolean') return say(value ? 'yes' : 'no')
    if (typeof value !== 'object') return String(value)
    return value.length === 0 ? say('none') : value.join(', ')
  }
  // The names of the inputs speak to the investor; an officer reads of him.
  const name = (field: string): string =>
    language === 'en'
      ? (declarationOf('investor', field)?.meaning ?? field)
      : (nameOfInput(`investor.${field}`)?.['zh-CN'] ?? field).replaceAll('您', '投资者')
  const names = inForce.flatMap(({ applies, permits }) => [...(applies?.names ?? []), ...permits.names])
  const read = new Set(names.map(({ entity, field }) => `${entity}.${field}`))
  const rows = Object.entries(subjectIn(recorded).investor).flatMap(([field, value]) =>
    read.has(`investor.${field}`) ? [[name(field), shown(value)] as const] : [],
  )
  return html`<h2>${say('inputs')}</h2>
    ${facts(rows)}`
}

function rules(inputs: ReportInputs, say: Say): Html {
  const { recorded, language } = inputs
  const judged = recorded === null ? null : productsOf(recorded, { language, limit: 1 })
  const count = ({ id }: Rule): string => (judged === null ? '' : String(judged.counts.withheld.byRule[id] ?? 0))
  const template = (rule: Rule): string =>
    rule.messages[language].replace(/\{([^}]+)\}/g, (_, name: string) => `[${nameOfInput(name)?.[language] ?? name}]`)
  const rows = rulesInForce(inputs).map(
    (rule) =>
      html`<tr>
        <td>${code(rule.id)}</td>
        <td>${template(rule)}</td>
        <td>${rule.source}</td>
        <td class="count">${count(rule)}</td>
      </tr>`,
  )
  return html`<h2>${say('rules')}</h2>
    ${judged === null ? nothing : verdicts(judged, say)}
    <table>
      <thead>
        <tr>
          ${(['rule', 'says', 'source', 'withheld'] as const).map((head) => html`<th scope="col">${say(head)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`
}

function verdicts({ counts, verdictsHold }: NonNullable<ReturnType<typeof productsOf>>, say: Say): Html {
  const { products, nominated, withheld } = counts
  const held = verdictsHold === null ? nothing : html` <strong>${say(verdictsHold ? 'holds' : 'differs')}</strong>`
  return html`<p>${say('withheldOf', { products, nominated, withheld: withheld.total })}${held}</p>`
}

function whyNot({ recorded, products }: ReportInputs, say: Say): Html {
  if (recorded === null || products.length === 0) return nothing
  const why = explainer(recorded)
  const { catalogue, language } = recorded
  const items = products.map((id) => {
    const found = why(id)
    const findings = (found?.findings ?? []).map(
      ({ ruleId, text, source }) => html`<li>${code(ruleId)} ${text} (${source})</li>`,
    )
    return html`<dt>${nameIn(catalogue, id, language)} ${code(id)}</dt>
      <dd>
        ${found?.summary ?? say('absent')}
        <ul>
          ${findings}
        </ul>
      </dd>`
  })
  return html`<h2>${say('whyNot')}</h2>
    <dl>${items}</dl>`
}

function replayIn(replayed: Replayed, say: Say): string {
  switch (replayed.result) {
    case 'same':
      return say('replaySame')
    case 'differs':
      return say('replayDiffers', { count: replayed.count })
    case 'erased':
      return say('replayErased')
    case 'unavailable':
      return say('replayUnavailable', { missing: replayed.missing })
  }
}

function proofOf({ proof, vkey, replayed }: ReportInputs, say: Say): Html {
  const leaf = createHash('sha256').update(Uint8Array.of(0)).update(proof.entry, 'base64').digest('hex')
  return html`<h2>${say('record')}</h2>
    ${facts([
      [say('index'), String(proof.index)],
      [say('leaf'), code(leaf)],
      [say('vkey'), code(vkey)],
      [say('replay'), replayIn(replayed, say)],
    ])}
    <h3>${say('proof')}</h3>
    <pre>${proof.proof}</pre>
    <h3>${say('entry')}</h3>
    <pre class="wrap">${proof.entry}</pre>
    <h2>${say('howTo')}</h2>
    <p>${say('steps')}</p>
    <pre>node verify.mjs --proof decision.tlog-proof --entry decision.entry --vkey KEY</pre>
    <p>${say('means')}</p>`
}
