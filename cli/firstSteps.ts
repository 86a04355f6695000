import { type InvestorId } from '../features/schema/ids.js'
import { type NewKey } from '../serving/http/keys.js'

/** The keys, told once, and three lines that work as pasted. */
export function firstSteps(url: string, keys: readonly NewKey[], investorId: InvestorId): string {
  const keyOf = (scope: string): string => keys.find((made) => made.scope === scope)?.key ?? ''
  return [
    '',
    'Keys, told this once (only their hashes are kept):',
    ...keys.map(({ scope, key }) => `  ${scope.padEnd(10)} ${key}`),
    '',
    'Try it:',
    `  curl -s ${url}/v1/recommendations -H 'Authorization: Bearer ${keyOf('app')}' -H 'Content-Type: application/json' -H 'Accept-Language: en' -d '{"investorId":"${investorId}","size":3}'`,
    `  curl -s ${url}/v1/investors/${investorId} -H 'Authorization: Bearer ${keyOf('app')}'`,
    `  curl -s '${url}/v1/products?limit=2' -H 'Authorization: Bearer ${keyOf('catalogue')}'`,
    '',
    `Then: GET /v1/decisions/DECISION with the risk key shows what was recorded; ${url}/docs tells the rest.`,
    '',
  ].join('\n')
}
