import { type Backtest, type InvestorGroup, type ProductGroup, type Refused } from '../../../audit/backtest/backtest.js'
import { html, type Html, nothing } from '../../http/docs/html.js'
import { charts } from './charts.js'
import { counted, grouped, percent } from './figures.js'

const mostProducts = 40

/** A name up to so many signs is kept on one line. */
const longestKey = 30

type Column<Row> = readonly [name: string, cell: (row: Row) => string]

/** The first column names the row, the others are figures. */
function table<Row>(
  caption: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  quiet?: (row: Row) => boolean,
): Html {
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <tr>
      ${columns.map(([name], place) => (place === 0 ? html`<th>${name}</th>` : html`<th class="n">${name}</th>`))}
    </tr>
    ${rows.map(
      (row) =>
        html`<tr class="${quiet?.(row) === true ? 'none' : ''}">
          ${columns.map(([, cell], place) =>
            place === 0
              ? html`<td class="${cell(row).length > longestKey ? '' : 'key'}">${cell(row)}</td>`
              : html`<td class="n">${cell(row)}</td>`,
          )}
        </tr>`,
    )}
  </table>`
}

export function byRules(backtest: Backtest): Html {
  const { rules, candidate } = backtest
  if (rules.length === 0) return html`<p>No rule would have withheld or freed any product.</p>`
  const rulesTable = table(
    `“Lost” under rules of ${candidate.id}; “gained” is what a rule of the recorded pack withheld and the candidate does not`,
    rules,
    [
      ['Rule', ({ ruleId }) => ruleId],
      ['Lost', ({ lost }) => grouped(lost.pairs)],
      ['in decisions', ({ lost }) => grouped(lost.decisions)],
      ['of investors', ({ lost }) => grouped(lost.investors)],
      ['Served items blocked', ({ blocked }) => grouped(blocked.items)],
      ['in slates', ({ blocked }) => grouped(blocked.decisions)],
      ['of investors', ({ blocked }) => grouped(blocked.investors)],
      ['Gained', ({ gained }) => grouped(gained.pairs)],
      ['in decisions', ({ gained }) => grouped(gained.decisions)],
      ['of investors', ({ gained }) => grouped(gained.investors)],
    ],
  )
  return html`${rulesTable} ${charts.blocked(backtest)}`
}

const refusedInWords = (refused: Refused | null): string =>
  refused === null ? 'served' : `${refused.refusal}${refused.ruleId === null ? '' : ` (${refused.ruleId})`}`

export const refusalsTable = ({ refusals }: Backtest): Html =>
  refusals.length === 0
    ? html`<p>No refusal would have appeared, vanished or been another.</p>`
    : table('Refusals that would have appeared, vanished or been others', refusals, [
        ['As recorded → candidate', ({ before, after }) => `${refusedInWords(before)} → ${refusedInWords(after)}`],
        ['Decisions', ({ decisions }) => grouped(decisions)],
        ['Investors', ({ investors }) => grouped(investors)],
      ])

const investorColumns: readonly Column<InvestorGroup>[] = [
  ['Decisions', ({ decisions }) => grouped(decisions)],
  ['Investors', ({ investors }) => grouped(investors)],
  ['Differ', ({ changed, decisions }) => percent(changed.decisions, decisions)],
  ['Investors concerned', ({ changed }) => grouped(changed.investors)],
  ['Lost', ({ lost }) => grouped(lost)],
  ['Gained', ({ gained }) => grouped(gained)],
  ['Items blocked', ({ blocked, served }) => `${grouped(blocked.items)} of ${grouped(served.items)}`],
  ['Slates emptied', ({ blocked }) => grouped(blocked.emptied)],
  ['Refused', ({ refused }) => grouped(refused.decisions)],
  ['Admitted', ({ admitted }) => grouped(admitted.decisions)],
]
const unchanged = ({ changed }: InvestorGroup): boolean => changed.decisions === 0

export function byInvestors({ levels, ageBands }: Backtest): Html {
  const some = <Row extends InvestorGroup>(rows: readonly Row[]): readonly Row[] =>
    rows.filter(({ decisions }) => decisions > 0)
  return html`${table(
    'By risk level of the investor',
    some(levels),
    [['Level', ({ level }) => level], ...investorColumns],
    unchanged,
  )}
  ${table('By age', some(ageBands), [['Age', ({ ageBand }) => ageBand], ...investorColumns], unchanged)}`
}

const productColumns: readonly Column<ProductGroup>[] = [
  ['Products', ({ products }) => grouped(products)],
  ['Lost', ({ lost }) => grouped(lost)],
  ['Gained', ({ gained }) => grouped(gained)],
  ['Served items blocked', ({ items }) => grouped(items)],
]

export function byProducts({ riskLevels, kinds }: Backtest): Html {
  if (kinds.length === 0) return nothing
  const levels = [...riskLevels].sort((a, b) => (a.riskLevel < b.riskLevel ? -1 : 1))
  return html`${table('By risk level of the product', levels, [
    ['Risk level', ({ riskLevel }) => riskLevel],
    ...productColumns,
  ])}
  ${table('By kind', kinds, [['Kind', ({ kind }) => kind], ...productColumns])}`
}

export function productsTable({ products }: Backtest): Html {
  if (products.length === 0) return html`<p>Nobody would have lost or gained any product.</p>`
  const shown = products.slice(0, mostProducts)
  const of =
    shown.length < products.length ? `${grouped(shown.length)} of ${counted(products.length, 'product')}` : 'All'
  return table(`${of}, most concerned first; --json tells all`, shown, [
    ['Product', ({ productId, name, companyName }) => `${name} · ${companyName} · ${productId}`],
    ['Risk', ({ riskLevel }) => riskLevel ?? '–'],
    ['Lost in decisions', ({ lost }) => grouped(lost.decisions)],
    ['of investors', ({ lost }) => grouped(lost.investors)],
    ['Gained in decisions', ({ gained }) => grouped(gained.decisions)],
    ['of investors', ({ gained }) => grouped(gained.investors)],
    ['Served items blocked', ({ items }) => grouped(items)],
  ])
}
