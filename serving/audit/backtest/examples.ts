import { type Example } from '../../../audit/backtest/backtest.js'
import { formatInstant } from '../../../features/schema/time.js'
import { html, type Html } from '../../http/docs/html.js'
import { type PrivacyService, type Read } from '../../privacy/privacyService.js'

const happened = (example: Example, product: string): string => {
  switch (example.what) {
    case 'blocked':
      return `was served ${product} at rank ${String(example.rank)}; ${example.ruleId} would have blocked it`
    case 'lost':
      return `could have been shown ${product}; under ${example.ruleId} no longer`
    case 'gained':
      return `was not shown ${product} under ${example.ruleId}; that would no longer withhold it`
  }
}

/** Decisions under their own ids; who the investors are, the ledger alone knows. */
export const examplesOf = (examples: readonly Example[]): Html =>
  examples.length === 0
    ? html`<p>There is nothing to show.</p>`
    : html`${examples.map((example) => {
        const product = `${example.productName} (${example.productId}, ${example.riskLevel ?? 'not rated'})`
        return html`<div class="example ${example.what}">
          <p>An investor of level ${example.level} ${happened(example, product)}.</p>
          <p lang="zh-CN">${example.words['zh-CN']}</p>
          <p>${example.words.en}</p>
          <p class="soft">
            Decision <code>${example.decisionId}</code>, ${formatInstant(example.at)}. Source: ${example.source}
          </p>
        </div>`
      })}`

/** Enters that somebody is shown the examples, which tell levels of investors; awaited before he is. */
export async function enterReads(
  reads: PrivacyService['reads'],
  read: Read,
  examples: readonly Example[],
): Promise<void> {
  const decisions = new Set(examples.map(({ decisionId }) => decisionId))
  await Promise.all([...decisions].map((id) => reads.ofEntry(read, id)))
}
