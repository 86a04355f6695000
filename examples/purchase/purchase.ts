/**
 * A purchase that an investor asks for himself, over HTTP alone. Run it against a server that `npm start` started:
 *
 *   APP_KEY=aptus_app_… node dist/examples/purchase/purchase.js [http://127.0.0.1:8080]
 *
 * It puts three invented investors: purchase-demo-c4, purchase-demo-c2 and purchase-demo-c1.
 */
const [base = 'http://127.0.0.1:8080'] = process.argv.slice(2)
const key = process.env['APP_KEY']

type Finding = { readonly ruleId: string; readonly text: string; readonly remedy: string | null }
type Step = {
  readonly stepId: string
  readonly text: string
  readonly textDigest: string
  readonly waitSeconds: number
}
type Standing = {
  readonly state: string
  readonly next: { readonly stepId: string } | null
  readonly expiresAt: string
}
type Check = Standing & {
  readonly checkId: string
  readonly verdict: 'permit' | 'warn' | 'block'
  readonly findings: readonly Finding[]
  readonly warnings: readonly Finding[]
  readonly steps: readonly Step[]
  readonly costs: {
    readonly purchase: { readonly atMost: { readonly minor: number; readonly currency: string } | null }
    readonly redemptionTiers: readonly { readonly heldDaysBelow: number | null; readonly feeBps: number }[]
  }
}
type Slate = { readonly items: readonly { readonly productId: string; readonly riskLevel: string }[] }
/** RFC 9457; a refused confirmation says where the dialogue stands too. */
type Problem = { readonly type: string; readonly title: string; readonly detail: string } & Partial<Standing>

class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.title}\n${problem.detail}`)
  }
}

/** With the same Idempotency-Key and body, a request sent again after a lost answer gets the first answer. */
async function ask<T>(method: 'POST' | 'PUT', path: string, body: object): Promise<T> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${key ?? ''}`,
      'Content-Type': 'application/json',
      'Accept-Language': 'en',
      'Idempotency-Key': crypto.randomUUID(),
    },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  const answer: unknown = text === '' ? null : JSON.parse(text)
  if (!response.ok) throw new Refused(answer as Problem)
  return answer as T
}

/** An investor of a level, assessed just now. */
const put = (id: string, level: string, acceptsNoLoss: boolean): Promise<null> =>
  ask('PUT', `/v1/investors/${id}`, {
    riskAssessment: {
      level,
      acceptsNoLoss,
      assessedAt: new Date(Date.now() - 60_000).toISOString(),
      questionnaireVersion: 'demo',
    },
    birthDate: '1985-05-05',
    objectives: ['income', 'growth'],
    horizonMonths: 120,
    consents: { profiling: true, personalisation: true },
  })

const check = (investorId: string, productId: string): Promise<Check> =>
  ask('POST', '/v1/purchase-checks', { investorId, productId, amount: { minor: 100_000, currency: 'CNY' } })

/** What is confirmed is the text that was shown: its digest goes back. */
const confirm = (investorId: string, { checkId }: Check, { stepId, textDigest }: Step): Promise<Standing> =>
  ask('POST', `/v1/purchase-checks/${checkId}/confirmations`, { investorId, stepId, textDigest })

function show({ verdict, findings, warnings }: Check): void {
  console.log(`Verdict: ${verdict}`)
  for (const { ruleId, text, remedy } of [...findings, ...warnings])
    console.log(`  ${ruleId}: ${text}${remedy === null ? '' : ` [${remedy}]`}`)
}

function showCosts({ purchase, redemptionTiers }: Check['costs']): void {
  console.log('Costs')
  if (purchase.atMost !== null)
    console.log(`  buying: at most ${purchase.atMost.minor / 100} ${purchase.atMost.currency}`)
  for (const { heldDaysBelow, feeBps } of redemptionTiers)
    console.log(
      `  redeeming, held ${heldDaysBelow === null ? 'for longer' : `for less than ${heldDaysBelow} days`}: ${feeBps / 100} %`,
    )
}

/** Tells a refusal of the dialogue; any other failure ends the program. */
async function tryToConfirm(investorId: string, given: Check, step: Step): Promise<void> {
  try {
    const { state, next, expiresAt } = await confirm(investorId, given, step)
    console.log(next === null ? `  ${state} until ${expiresAt}` : `  ${state}, next is ${next.stepId}`)
  } catch (error) {
    if (!(error instanceof Refused) || error.problem.state === undefined) throw error
    console.log(`  refused: ${error.problem.title}; next is ${error.problem.next?.stepId ?? 'nothing'}`)
  }
}

async function main(): Promise<void> {
  await put('purchase-demo-c4', 'C4', false)
  await put('purchase-demo-c2', 'C2', false)
  await put('purchase-demo-c1', 'C1', true)

  // What is recommended to C4 and above the level of C2.
  const { items } = await ask<Slate>('POST', '/v1/recommendations', { investorId: 'purchase-demo-c4', size: 50 })
  const productId = items.find(({ riskLevel }) => riskLevel > 'R2')?.productId
  if (productId === undefined) throw new Error('no product above R2 is recommended to C4')

  console.log(`C1-minimum wants ${productId}`)
  show(await check('purchase-demo-c1', productId))

  const investorId = 'purchase-demo-c2'
  console.log(`C2 wants ${productId}`)
  const given = await check(investorId, productId)
  console.log(`Check ${given.checkId}`)
  show(given)
  showCosts(given.costs)

  const last = given.steps.at(-1)
  if (last === undefined) throw new Error('the check wants no confirmation')
  console.log('The last step first')
  await tryToConfirm(investorId, given, last)
  for (const step of given.steps) {
    // What he is shown, word for word; then he confirms. Time to think, where the rules want it.
    console.log(`Step ${step.stepId}: ${step.text}`)
    await new Promise((wait) => setTimeout(wait, step.waitSeconds * 1000))
    await tryToConfirm(investorId, given, step)
  }
  console.log('The last step again')
  await tryToConfirm(investorId, given, last)
}

try {
  await main()
} catch (error) {
  if (!(error instanceof Refused)) throw error
  console.error(error.message)
  process.exitCode = 1
}
