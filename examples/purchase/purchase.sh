#!/usr/bin/env bash
# The same as purchase.ts, with curl; node reads and writes the JSON. Against a server that "npm start" started:
#   APP_KEY=aptus_app_… bash examples/purchase/purchase.sh [http://127.0.0.1:8080]
# It puts three invented investors: purchase-demo-c4, purchase-demo-c2 and purchase-demo-c1.
set -euo pipefail
base=${1:-http://127.0.0.1:8080}
: "${APP_KEY:?want the app key that the first start told}"

# METHOD PATH, and the body on stdin. Any answer is printed, problems too.
ask() {
  curl -sS -X "$1" "$base$2" -H "Authorization: Bearer $APP_KEY" -H 'Content-Type: application/json' \
    -H 'Accept-Language: en' -H "Idempotency-Key: $(node -p 'crypto.randomUUID()')" --data-binary @-
}

# Reads the JSON on stdin as "given" and prints what the expression makes of it. Variables of the shell come as "env".
js() {
  investor=${investor:-} product=${product:-} step=${step:-} node -e "
    const { env } = process
    const text = require('node:fs').readFileSync(0, 'utf8')
    const given = text === '' ? null : JSON.parse(text)
    if (given?.status >= 400 && env.expected !== given.type) {
      console.error([given.title, given.detail, JSON.stringify(given.errors ?? '')].join('\n'))
      process.exit(1)
    }
    const value = $1
    console.log(typeof value === 'string' ? value : JSON.stringify(value))"
}

# An investor of a level, assessed just now. $2: whether he accepts no loss at all.
put() {
  js '({
    riskAssessment: {
      level: env.level, acceptsNoLoss: env.acceptsNoLoss === "true",
      assessedAt: new Date(Date.now() - 60_000).toISOString(), questionnaireVersion: "demo",
    },
    birthDate: "1985-05-05", objectives: ["income", "growth"], horizonMonths: 120,
    consents: { profiling: true, personalisation: true },
  })' </dev/null | ask PUT "/v1/investors/$investor" | js '""' >/dev/null
}
investor=purchase-demo-c4 level=C4 acceptsNoLoss=false put
investor=purchase-demo-c2 level=C2 acceptsNoLoss=false put
investor=purchase-demo-c1 level=C1 acceptsNoLoss=true put

# What is recommended to C4 and above the level of C2.
product=$(js '({ investorId: "purchase-demo-c4", size: 50 })' </dev/null | ask POST /v1/recommendations |
  js '(given.items.find(({ riskLevel }) => riskLevel > "R2") ?? { productId: "" }).productId')
[ -n "$product" ] || { echo 'no product above R2 is recommended to C4' >&2; exit 1; }

check() {
  js '({ investorId: env.investor, productId: env.product, amount: { minor: 100000, currency: "CNY" } })' </dev/null |
    ask POST /v1/purchase-checks
}
# Why, and what can be done about it.
told='[...given.findings, ...given.warnings].map(({ ruleId, text, remedy }) =>
  `  ${ruleId}: ${text}${remedy === null ? "" : ` [${remedy}]`}`)'

investor=purchase-demo-c1
echo "C1-minimum wants $product"
check | js "[\`Verdict: \${given.verdict}\`, ...$told].join('\n')"

investor=purchase-demo-c2
echo "C2 wants $product"
checked=$(check)
js "[\`Check \${given.checkId}\`, \`Verdict: \${given.verdict}\`, ...$told,
  'Costs', ...(given.costs.purchase.atMost === null ? [] : [\`  buying: at most \${given.costs.purchase.atMost.minor / 100} CNY\`]),
  ...given.costs.redemptionTiers.map(({ heldDaysBelow, feeBps }) => \`  redeeming, held \${
    heldDaysBelow === null ? 'for longer' : \`for less than \${heldDaysBelow} days\`}: \${feeBps / 100} %\`)].join('\n')" <<<"$checked"

# The N-th step, with the digest of the text that was shown. $2: the refusal that is to be told, not to end the script.
confirm() {
  expected=${2:-} step=$1 js '({ investorId: env.investor, ...(({ stepId, textDigest }) => ({ stepId, textDigest }))(given.steps[env.step]) })' <<<"$checked" |
    ask POST "/v1/purchase-checks/$(js given.checkId <<<"$checked")/confirmations" |
    expected=${2:-} js 'given.status >= 400 ? `  refused: ${given.title}; next is ${given.next?.stepId ?? "nothing"}`
      : `  ${given.state}${given.next === null ? ` until ${given.expiresAt}` : `, next is ${given.next.stepId}`}`'
}
last=$(js 'String(given.steps.length - 1)' <<<"$checked")

echo 'The last step first'
confirm "$last" /problems/confirmation-out-of-order
for place in $(seq 0 "$last"); do
  # What he is shown, word for word; then he confirms.
  step=$place js '`Step ${given.steps[env.step].stepId}: ${given.steps[env.step].text}`' <<<"$checked"
  # Time to think, where the rules want it.
  sleep "$(step=$place js 'String(given.steps[env.step].waitSeconds)' <<<"$checked")"
  confirm "$place"
done
echo 'The last step again'
confirm "$last" /problems/confirmation-repeated
