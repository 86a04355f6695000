import { isMainThread } from 'node:worker_threads'
import { join, resolve } from 'node:path'
import { contentModel } from '../benchmarks/realCatalogue.js'
import { InvestorId, type ProductId } from '../features/schema/ids.js'
import { type Investor } from '../features/schema/investor.js'
import { Objective, RiskLevel, ToleranceLevel } from '../features/schema/levels.js'
import { type Event } from '../features/schema/event.js'
import { scenes } from '../engine/decision.js'
import { importCnFunds } from '../features/ingest/cnFunds/importCnFunds.js'
import { formatInstant, type Instant } from '../features/schema/time.js'
import { readConfiguration } from '../serving/configuration.js'
import { type Home, openHome } from '../serving/home.js'
import { importInto } from '../serving/intake.js'
import { defaultFirm } from '../serving/investorKey.js'
import { openService } from '../serving/openService.js'
import { type Service } from '../serving/service.js'
import { randomInvestor, seeded } from './randomMarket.js'

/**
 * A child process for tests and benchmarks of the replay: `record DIR FUNDS COUNT` imports the real funds and records
 * decisions of random investors over them; `change DIR` then changes catalogue, model and rules, and records some more.
 */
export const startOfReplay = Date.parse('2026-05-08T15:00:00Z')
const dayMs = 86_400_000
/** Rules of a firm beside cn-2026: the changed pack. */
const firmRules = resolve('benchmarks/rules.firm.yaml')

async function serving<T>(
  dir: string,
  env: NodeJS.ProcessEnv,
  from: Instant,
  work: (service: Service, home: Home) => Promise<T>,
): Promise<T> {
  const home = await openHome(dir, readConfiguration(env))
  let now = from
  const service = await openService(home, {
    now: () => now++,
    onDisagreement: ({ count }) => {
      throw new Error(`${count} disagreements`)
    },
    say: () => undefined,
  })
  try {
    return await work(service, home)
  } finally {
    await service.close()
  }
}

/** Investors of all levels and kinds, with missing and borderline values, some of whom bought, viewed and redeemed. */
async function addInvestors(service: Service, investors: number, seed: number): Promise<void> {
  const random = seeded(seed)
  const products = service.catalogue()?.products ?? []
  const any = (): ProductId => products[Math.floor(random() * products.length)]?.id ?? ('none' as ProductId)
  for (let n = 0; n < investors; n++)
    await service.putInvestor(
      defaultFirm,
      n % 2 === 0 ? fit(random, n) : randomInvestor(random, n, startOfReplay - 1000),
    )
  for (let n = 0; n < investors; n += 50) {
    const events = Array.from({ length: 100 }, (_, place): Event => {
      const base = {
        eventId: `e-${seed}-${n}-${place}` as Event['eventId'],
        investorId: InvestorId.parse(`I${Math.min(investors - 1, n + Math.floor(random() * 50))}`),
        occurredAt: startOfReplay - Math.floor(random() * 300 * dayMs) - 1,
        productId: any(),
      }
      const kind = random()
      if (kind < 0.5) return { ...base, type: 'view' }
      if (kind < 0.8) return { ...base, type: 'purchase', amount: null, unitsMicros: null, decisionId: null }
      return { ...base, type: 'redemption', amount: null, unitsMicros: null }
    })
    const taken = await service.addEvents(defaultFirm, events)
    if ('faults' in taken) throw new Error(`events were refused: ${JSON.stringify(taken.faults[0])}`)
  }
}

/** One whom no rule turns away at the gate, of a level at random. */
function fit(random: () => number, index: number): Investor {
  const investor = randomInvestor(random, index, startOfReplay - 1000)
  const assessedAt = startOfReplay - 10 * dayMs
  return {
    ...investor,
    riskAssessment: {
      level: ToleranceLevel.options[Math.floor(random() * 5)] ?? 'C1',
      assessedAt,
      questionnaireVersion: 'q1',
      basis: 'questionnaire',
      lacksFullCapacity: false,
      acceptsNoLoss: false,
    },
    assessments: [assessedAt],
    birthDate: '1980-01-01',
    objectives: Objective.options,
    horizonMonths: 240,
    sustainability: 'none',
    consents: { profiling: true, personalisation: random() < 0.8 },
  }
}

async function recordSome(
  service: Service,
  count: number,
  investors: number,
  seed: number,
): Promise<Readonly<Record<string, number>>> {
  const random = seeded(seed)
  const products = service.catalogue()?.products ?? []
  const kinds: Record<string, number> = {}
  const one = async (): Promise<void> => {
    const scene = scenes[Math.floor(random() * scenes.length)] ?? 'home'
    const exclude = random() < 0.2 ? products.slice(0, 5).map(({ id }) => id) : []
    const historical = random() < 0.05 ? { asOf: startOfReplay + 3_600_000 * (1 + Math.floor(random() * 48)) } : {}
    const investorId = InvestorId.parse(`I${Math.floor(random() * investors)}`)
    const size = 1 + Math.floor(random() * 20)
    const answer = await service.recommend({ firmId: defaultFirm, investorId, size, scene, exclude, ...historical })
    if ('unknownInvestor' in answer) {
      kinds['unknown'] = (kinds['unknown'] ?? 0) + 1
      return
    }
    const { outcome, mode } = answer.decision
    const kind = `${mode} ${outcome.kind === 'refusal' ? outcome.refusal : outcome.kind}`
    kinds[kind] = (kinds[kind] ?? 0) + 1
  }
  for (let left = count; left > 0; left -= 64) await Promise.all(Array.from({ length: Math.min(64, left) }, one))
  return kinds
}

async function record(dir: string, funds: string, count: number): Promise<object> {
  const home = await openHome(dir, readConfiguration({}))
  await importInto(home, importCnFunds, { dir: funds, strict: false, importedAt: startOfReplay - 60_000 })
  const catalogue = await home.catalogueLog.head()
  await home.releases.activate(await home.releases.build(contentModel(catalogue), catalogue, null))
  await home.close()
  const investors = Math.max(50, count / 10)
  return serving(dir, {}, startOfReplay, async (service) => {
    await addInvestors(service, investors, 1)
    return { products: catalogue.products.length, investors, kinds: await recordSome(service, count, investors, 2) }
  })
}

/** Hundreds of products rated anew or suspended, new ones; another model; another pack; and decisions under all that. */
async function change(dir: string, count: number): Promise<object> {
  const env = { APTUS_FIRM_PACKS: `${defaultFirm}=${firmRules}` }
  return serving(dir, env, startOfReplay + dayMs, async (service, home) => {
    const random = seeded(3)
    const products = service.catalogue()?.products ?? []
    for (let n = 0; n < 300; n++) {
      const product = products[Math.floor(random() * products.length)]
      if (product === undefined) throw new Error('there are no products')
      const level = RiskLevel.options[Math.floor(random() * 5)] ?? 'R5'
      if (n % 3 === 0) await service.putProduct({ ...product, status: 'suspended', statusAt: startOfReplay })
      else if (n % 3 === 1)
        await service.putProduct({ ...product, rating: product.rating && { ...product.rating, level } })
      else await service.putProduct({ ...product, id: `new-${n}` as ProductId })
    }
    const catalogue = await home.catalogueLog.head()
    const changed = [...catalogue.products].reverse()
    const model = contentModel({ ...catalogue, products: changed })
    await home.releases.activate(await home.releases.build(model, catalogue, null))
    await service.reload()
    return { revision: catalogue.revision, kinds: await recordSome(service, count, Math.max(50, count), 4) }
  })
}

const [, file = '', task, dir = '', ...more] = process.argv
if (isMainThread && file.endsWith(join('tests', 'replayMarket.js'))) {
  const done =
    task === 'record' ? await record(dir, more[0] ?? '', Number(more[1])) : await change(dir, Number(more[0]))
  process.stdout.write(JSON.stringify({ ...done, until: formatInstant(startOfReplay + 30 * dayMs) }))
}
