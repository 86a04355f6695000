#!/usr/bin/env bash
# The same as app.ts, with curl; node reads and writes the JSON. Against a server that "npm start" started:
#   APP_KEY=aptus_app_… bash examples/app/app.sh INVESTOR [http://127.0.0.1:8080]
set -euo pipefail
investor=${1:?usage: APP_KEY=… app.sh INVESTOR [URL]}
base=${2:-http://127.0.0.1:8080}
: "${APP_KEY:?want the app key that the first start told}"

# POST: a path, and the body on stdin. An answer that is no 2xx is shown, and ends the script.
post() {
  curl -sS --fail-with-body "$base$1" -H "Authorization: Bearer $APP_KEY" -H 'Content-Type: application/json' \
    -H 'Accept-Language: en' -H "Idempotency-Key: $(node -p 'crypto.randomUUID()')" --data-binary @-
}

# GET: a path.
get() { curl -sS --fail-with-body "$base$1" -H "Authorization: Bearer $APP_KEY" -H 'Accept-Language: en'; }

# Reads the JSON on stdin as "given" and prints what the expression makes of it. $investor and such come as "env".
js() {
  investor=$investor node -e "
    const { env } = process
    const given = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
    const event = (fields) => ({
      ...fields, eventId: crypto.randomUUID(), investorId: env.investor, occurredAt: new Date().toISOString(),
    })
    const value = $1
    console.log(typeof value === 'string' ? value : JSON.stringify(value))"
}

recommend() { js '({ investorId: env.investor, size: 3 })' <<<'null' | post /v1/recommendations; }

# Reasons say why a product is shown; disclosures have to be shown with it.
show() {
  js '[`Slate ${given.decisionId} (${given.kind})`, ...given.items.flatMap((item) => [
    `  ${item.rank}. ${item.productId} ${item.name} (${item.riskLevel})`,
    ...item.reasons.map(({ text }) => `       because  ${text}`),
    ...item.disclosures.map(({ text }) => `       note     ${text}`),
  ])].join("\n")'
}

before=$(recommend) || { echo "$before" >&2; exit 1; }
show <<<"$before"

# What was on the screen, at which rank, of which decision.
taken=$(js '({ events: given.items.map(({ productId, rank }) =>
  event({ type: "exposure", productId, decisionId: given.decisionId, rank })) })' <<<"$before" | post /v1/events)
echo "Exposures: $(js '`${given.accepted} accepted, ${given.duplicates} known already`' <<<"$taken")"

first=$(js 'given.items[0].productId' <<<"$before")
taken=$(js '({ events: [event({ type: "purchase", productId: given.items[0].productId,
  amount: { minor: 100000, currency: "CNY" }, decisionId: given.decisionId })] })' <<<"$before" | post /v1/events)
echo "Purchase of $first: $(js '`${given.accepted} accepted, ${given.duplicates} known already`' <<<"$taken")"

# What the purchases and redemptions come to, lot by lot: first in, first out.
echo 'Holds'
get "/v1/investors/$investor" | js 'given.holdings.positions.flatMap(({ productId, lots }) =>
  lots.map(({ boughtAt, amount }) => `  ${productId} bought ${boughtAt} ${
    amount === null ? "unknown" : `${amount.minor / 100} ${amount.currency}`}`)).join("\n")'

after=$(recommend)
show <<<"$after"
echo 'What changed'
# diff ends with 1 where there is a difference.
{ diff <(js 'given.items.map(({ productId }) => productId).join("\n")' <<<"$before") \
     <(js 'given.items.map(({ productId }) => productId).join("\n")' <<<"$after") || true; } | sed -n 's/^</  gone/p; s/^>/  new /p'
