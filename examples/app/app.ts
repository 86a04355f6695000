/**
 * What an investing app does with Aptus, over HTTP alone. Run it against a server that `npm start` started:
 *
 *   APP_KEY=aptus_app_… node dist/examples/app/app.js INVESTOR [http://127.0.0.1:8080]
 */
const [investorId, base = 'http://127.0.0.1:8080'] = process.argv.slice(2)
const key = process.env['APP_KEY']

type Statement = { readonly code: string; readonly text: string }
type Item = {
  readonly productId: string
  readonly rank: number
  readonly name: string
  readonly riskLevel: string
  readonly reasons: readonly Statement[]
  readonly disclosures: readonly Statement[]
}
type Slate = { readonly decisionId: string; readonly kind: string; readonly items: readonly Item[] }
type Lot = { readonly boughtAt: string; readonly amount: { readonly minor: number; readonly currency: string } | null }
type Known = {
  readonly holdings: { readonly positions: readonly { readonly productId: string; readonly lots: readonly Lot[] }[] }
}
type Taken = { readonly accepted: number; readonly duplicates: number }
/** RFC 9457: what every answer but a 2xx holds. */
type Problem = { readonly title: string; readonly detail: string; readonly errors?: readonly object[] }

class Refused extends Error {}

const headers = {
  Authorization: `Bearer ${key ?? ''}`,
  'Content-Type': 'application/json',
  'Accept-Language': 'en',
}

async function answerOf<T>(response: Response): Promise<T> {
  const answer: unknown = await response.json()
  if (response.ok) return answer as T
  const { title, detail, errors = [] } = answer as Problem
  throw new Refused([title, detail, ...errors.map((error) => JSON.stringify(error))].join('\n'))
}

/** With the same Idempotency-Key and body, a request sent again after a lost answer gets the first answer. */
async function post<T>(path: string, body: object): Promise<T> {
  const response = await fetch(`${base}${path}`, {
    method: 'POST',
    headers: { ...headers, 'Idempotency-Key': crypto.randomUUID() },
    body: JSON.stringify(body),
  })
  return answerOf(response)
}

const recommend = (): Promise<Slate> => post('/v1/recommendations', { investorId, size: 3 })

/** Reasons say why the product is shown; disclosures have to be shown with it. */
function show({ decisionId, kind, items }: Slate): void {
  console.log(`Slate ${decisionId} (${kind})`)
  for (const { rank, productId, name, riskLevel, reasons, disclosures } of items) {
    console.log(`  ${rank}. ${productId} ${name} (${riskLevel})`)
    for (const { text } of reasons) console.log(`       because  ${text}`)
    for (const { text } of disclosures) console.log(`       note     ${text}`)
  }
}

/** An event id is the app's own, kept until the event was answered for: sent again, it counts once. */
const event = (fields: object): object => ({
  ...fields,
  eventId: crypto.randomUUID(),
  investorId,
  occurredAt: new Date().toISOString(),
})
const send = (events: readonly object[]): Promise<Taken> => post('/v1/events', { events })

/** What was really on the screen, at which rank, of which decision: models learn from it what was seen and not taken. */
const exposuresOf = ({ decisionId, items }: Slate): readonly object[] =>
  items.map(({ productId, rank }) => event({ type: 'exposure', productId, decisionId, rank }))

/** What the purchases and redemptions come to, lot by lot: first in, first out. */
async function showHoldings(): Promise<void> {
  const { holdings } = await answerOf<Known>(await fetch(`${base}/v1/investors/${investorId ?? ''}`, { headers }))
  console.log('Holds')
  for (const { productId, lots } of holdings.positions)
    for (const { boughtAt, amount } of lots)
      console.log(
        `  ${productId} bought ${boughtAt} ${amount === null ? 'unknown' : `${amount.minor / 100} ${amount.currency}`}`,
      )
}

function changesBetween(before: Slate, after: Slate): readonly string[] {
  const [old, present] = [byProduct(before), byProduct(after)]
  const gone = before.items.filter(({ productId }) => !present.has(productId))
  const moved = after.items.flatMap((item) => {
    const was = old.get(item.productId)
    if (was === undefined) return [`${item.productId} is new, at rank ${item.rank}: ${item.reasons[0]?.text ?? ''}`]
    return was.rank === item.rank ? [] : [`${item.productId} moved from rank ${was.rank} to ${item.rank}`]
  })
  return [...gone.map(({ productId }) => `${productId} is gone`), ...moved]
}
const byProduct = ({ items }: Slate): ReadonlyMap<string, Item> => new Map(items.map((item) => [item.productId, item]))

async function main(): Promise<void> {
  if (investorId === undefined || key === undefined) throw new Refused('usage: APP_KEY=… app.js INVESTOR [URL]')
  const before = await recommend()
  show(before)
  const exposed = await send(exposuresOf(before))
  console.log(`Exposures: ${exposed.accepted} accepted, ${exposed.duplicates} known already`)

  const [first] = before.items
  if (first === undefined) throw new Refused('the slate is empty')
  const { productId } = first
  const amount = { minor: 100_000, currency: 'CNY' }
  const bought = await send([event({ type: 'purchase', productId, amount, decisionId: before.decisionId })])
  console.log(`Purchase of ${productId}: ${bought.accepted} accepted, ${bought.duplicates} known already`)

  await showHoldings()

  const after = await recommend()
  show(after)
  console.log('What changed')
  for (const line of changesBetween(before, after)) console.log(`  ${line}`)
}

try {
  await main()
} catch (error) {
  if (!(error instanceof Refused)) throw error
  console.error(error.message)
  process.exitCode = 1
}
