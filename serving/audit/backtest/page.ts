import { type Backtest, type InvestorGroup, type PackName } from '../../../audit/backtest/backtest.js'
import { formatInstant } from '../../../features/schema/time.js'
import { asIs, html, type Html, nothing } from '../../http/docs/html.js'
import { examplesOf } from './examples.js'
import { counted, grouped, percent } from './figures.js'
import { style } from './style.js'
import { charts } from './charts.js'
import { byInvestors, byProducts, byRules, productsTable, refusalsTable } from './tables.js'

/**
 * A back-test as one page to read, print and keep: nothing to load, no scripts. It says nothing of the clock, so that
 * who repeats the back-test gets the same bytes; their SHA-256 is what an approval of the pack commits to.
 */
export function backtestPage(backtest: Backtest): string {
  const { candidate, total } = backtest
  const title = `What ${nameOf(candidate)} would have decided`
  const page = html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex" />
      <title>${title}</title>
      <style>
        ${asIs(style)}
      </style>
      <h1>${title}</h1>
      <p class="soft">Back-test on recorded decisions of firm ${backtest.firmId}, ${periodOf(backtest)}</p>
      <p class="headline"><b>${headline(backtest)}</b></p>
      ${warnings(backtest)} ${tiles(total)}
      <h2>By rule</h2>
      ${byRules(backtest)} ${refusalsTable(backtest)}
      <h2>Whom it concerns</h2>
      ${charts.permitted(backtest)} ${byInvestors(backtest)} ${charts.ages(backtest)}
      <h2>Which products</h2>
      ${charts.companies(backtest)} ${byProducts(backtest)} ${productsTable(backtest)}
      <h2>Examples</h2>
      ${examplesOf(backtest.examples)}
      <h2>Circumstances</h2>
      ${circumstances(backtest)}
    </html>`
  return page.markup
}

const nameOf = ({ id, version }: PackName): string => `rule pack ${id}, version ${version},`

const periodOf = ({ from, to, firstAt, lastAt }: Backtest): string => {
  const bound = (at: number | null, seen: number | null): string =>
    at !== null ? formatInstant(at) : seen !== null ? formatInstant(seen) : 'the beginning'
  return `${bound(from, firstAt)} to ${to === null && lastAt === null ? 'the end' : bound(to, lastAt)}`
}

/** One sentence. */
export function headline({ total, decisions }: Backtest): string {
  if (decisions.compared === 0) return 'There is no recorded decision to compare.'
  const { changed, lost, gained, blocked, refused, admitted, nonPersonal, personal } = total
  const of = `Of ${counted(total.decisions, 'decision')} for ${counted(total.investors, 'investor')}`
  const same = [changed, blocked].every((affected) => affected.decisions === 0)
  if (same) return `${of}, none would have differed.`
  const turned = nonPersonal.decisions + personal.decisions
  return [
    `${of}, ${grouped(changed.decisions)} (${percent(changed.decisions, total.decisions)}) would have differed: `,
    `a product lost ${counted(lost, 'time')} and gained ${counted(gained, 'time')}; `,
    `${counted(blocked.items, 'served item')} of ${counted(blocked.decisions, 'slate')} blocked`,
    blocked.emptied === 0 ? '' : `, and ${counted(blocked.emptied, 'slate')} left without any`,
    refused.decisions === 0 ? '' : `; ${counted(refused.decisions, 'served decision')} refused`,
    admitted.decisions === 0 ? '' : `; ${counted(admitted.decisions, 'refusal')} served`,
    turned === 0 ? '' : `; ${counted(turned, 'slate')} turned personal or non-personal`,
    '.',
  ].join('')
}

function warnings({ decisions }: Backtest): readonly Html[] {
  const { unlikeRecord, withoutActivity, erased, compared } = decisions
  const say = (text: string): Html => html`<p class="warn">${text}</p>`
  return [
    ...(unlikeRecord === 0
      ? []
      : [
          say(
            `Do not rely on this page: of ${counted(compared, 'decision')}, ${grouped(unlikeRecord)} come out otherwise than recorded under their own pack. Replay them (aptus audit replay) before the pack is approved.`,
          ),
        ]),
    ...(withoutActivity === 0
      ? []
      : [
          say(
            `The pack reads what an investor bought in 12 months. ${counted(withoutActivity, 'decision')} did not record it: for its rules it was unknown there, as the pack says what then holds.`,
          ),
        ]),
    ...(erased === 0
      ? []
      : [say(`${counted(erased, 'decision')} of erased persons cannot be judged again, and are not counted here.`)]),
  ]
}

function tiles({ decisions, investors, changed, blocked, served, refused, admitted }: InvestorGroup): Html {
  const tile = (value: string, text: string): Html => html`<div class="tile"><b>${value}</b><span>${text}</span></div>`
  return html`<div class="tiles">
    ${tile(percent(changed.decisions, decisions), `of the decisions differ: ${grouped(changed.decisions)}`)}
    ${tile(percent(changed.investors, investors), `of the investors are concerned: ${grouped(changed.investors)}`)}
    ${tile(percent(blocked.items, served.items), `of the served items blocked: ${grouped(blocked.items)}`)}
    ${tile(grouped(blocked.emptied), 'served slates left without any item')}
    ${tile(`${grouped(refused.decisions)} / ${grouped(admitted.decisions)}`, 'refusals that appear / vanish')}
  </div>`
}

function circumstances(backtest: Backtest): Html {
  const { candidate, judgedBy, decisions, ledger, from, to } = backtest
  const row = (name: string, value: Html | string): Html =>
    html`<tr>
      <td class="key">${name}</td>
      <td>${typeof value === 'string' ? value : value.markup === '' ? '–' : value}</td>
    </tr>`
  const pack = ({ id, version, digest }: PackName): Html => html`${id} version ${version}, <code>${digest}</code>`
  const bound = (at: number | null): string => (at === null ? 'none' : formatInstant(at))
  return html`<table>
      ${row('Candidate', pack(candidate))}
      ${row(
        'Judged by',
        html`${judgedBy.map((each) => html`<div>${pack(each)}: ${counted(each.decisions, 'decision')}</div>`)}`,
      )}
      ${row('Period', `from ${bound(from)}, to before ${bound(to)} (bounds as asked for)`)}
      ${row('Compared', counted(decisions.compared, 'live decision'))}
      ${row('Left out', `${counted(decisions.leftOut, 'historical or offline decision')}; nobody was served`)}
      ${row('Erased', counted(decisions.erased, 'decision'))}
      ${row(
        'Unlike the record',
        `${counted(decisions.unlikeRecord, 'decision')}: judged again by their own pack, verdicts were compared with the recorded digest`,
      )}
      ${row('Ledger', html`${counted(ledger.entries, 'entry', 'entries')}, chain <code>${ledger.head}</code>`)}
    </table>
    <p class="soft">
      Each decision was judged again under its own pack and under the candidate: at the same instant, over the same
      revision of the catalogue, with the same recorded inputs. “Lost” and “gained” count a product once for each
      decision in which it could no longer, or only then, have been recommended. What would have been served in place of
      a blocked item is not told. The same ledger, period and pack give this page again, byte for byte.
    </p>
    ${nothing}`
}
