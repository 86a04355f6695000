import { parseArgs } from 'node:util'
import { auditBacktest } from './auditBacktest.js'
import { realCatalogue, asOf, catalogueOf, contentModel } from './realCatalogue.js'
import { auditSearch } from './auditSearch.js'
import { determinism, fullSize, moderate } from './determinism.js'
import { events } from './events.js'
import { farTransTable } from './farTrans.js'
import { featureStore } from './featureStore.js'
import { gowalla } from './gowalla.js'
import { hnswBesideExact } from './hnsw.js'
import { holding } from './holdingReport.js'
import { wholePath } from './http.js'
import { ledgerAppend } from './ledgerAppend.js'
import { unattendedLoop } from './loop.js'
import { judging } from './rules.js'
import { millionExamples } from './million.js'
import { offPolicy } from './offPolicyReport.js'
import { pointInTime } from './pointInTime.js'
import { redisVectors } from './redisVectors.js'
import { replays } from './replay.js'
import { stages } from './stages.js'
import { trainingPeers } from './trainingPeers.js'
import { twoTowerBackends } from './twoTowerBackends.js'
import { twoTowerOnMarkets } from './twoTower.js'
import { releaseInMemory } from '../training/holdout.js'
import { parseRange } from '../training/protocols/splitRange.js'
import { Investor } from '../features/schema/investor.js'
import { type InvestorSnapshot } from '../features/schema/records.js'

/** A C5 who may see everything, with a short past: the widest mask, so the dearest scan. */
const widest = (
  bought: readonly InvestorSnapshot['behaviour']['purchased'][number]['productId'][],
): InvestorSnapshot => ({
  profile: Investor.parse({
    id: 'bench',
    riskAssessment: { level: 'C5', assessedAt: '2026-05-01T00:00:00Z', questionnaireVersion: 'bench' },
    birthDate: '1980-01-01',
    objectives: ['liquidity', 'preservation', 'income', 'growth', 'aggressive-growth'],
    horizonMonths: 240,
    consents: { profiling: true, personalisation: true },
  }),
  knownAt: asOf - 86_400_000,
  behaviour: {
    purchased: bought.map((productId, n) => ({ productId, count: 1, lastAt: asOf - n - 1000 })),
    viewed: [],
  },
})

const { values: given, positionals: names } = parseArgs({
  allowPositionals: true,
  // Of simulated markets: 401 to 405 were never looked at in tuning.
  options: {
    seeds: { type: 'string', default: '401-405' },
    full: { type: 'boolean', default: false },
    // Of training-peers: the kinds of model; of gowalla: configs. All where none is named.
    model: { type: 'string', multiple: true, default: [] },
    // Of feature-store, in Redis: fewer for trying.
    investors: { type: 'string', default: '1000000' },
  },
})

const atLeastOne = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new RangeError(`--investors: got ${text}, want a whole number from 1`)
  return Number(text)
}

const benchmarks: Readonly<Record<string, () => Promise<void>>> = {
  stages: async () => {
    const all = await realCatalogue()
    // 6,000 real funds: first those with a net asset value, for the others the rules leave out anyway.
    const products = [...all.products]
      .sort((a, b) => Number(b.facts !== null) - Number(a.facts !== null))
      .slice(0, 6000)
    const catalogue = catalogueOf(products)
    const bought = [3, 203, 1203].flatMap((ordinal) => products[ordinal]?.id ?? [])
    stages(releaseInMemory(contentModel(catalogue), catalogue), catalogue, widest(bought), asOf, 'real Chinese funds')
  },
  hnsw: async () => {
    const catalogue = await realCatalogue()
    await hnswBesideExact(releaseInMemory(contentModel(catalogue), catalogue).vectors, 'all real Chinese funds')
  },
  rules: () => judging(),
  http: wholePath,
  'ledger-append': ledgerAppend,
  million: () => millionExamples(given.full ? 300_000 : 64_000),
  loop: unattendedLoop,
  events: () => events(1_000_000),
  'audit-backtest': () => auditBacktest(),
  'audit-search': () =>
    auditSearch({ recorded: given.full ? 1_000_000 : 20_000, entries: 1_000_000, products: 4200, investors: 20_000 }),
  'point-in-time': () =>
    pointInTime(
      given.full
        ? { events: 50_000_000, investors: 1_000_000, pairs: 1_000_000 }
        : { events: 2_000_000, investors: 40_000, pairs: 40_000 },
    ),
  'feature-store': () =>
    featureStore({
      investors: atLeastOne(given.investors),
      feast: given.full
        ? { reads: 500, historyInvestors: 5000, pairs: 100_000 }
        : { reads: 100, historyInvestors: 200, pairs: 5_000 },
    }),
  'far-trans': () => farTransTable(parseRange('0-39')),
  gowalla: () => gowalla(given.model),
  'redis-vectors': () => redisVectors(atLeastOne(given.investors)),
  holding: () => holding([301, 302], [401, 402, 403]),
  'off-policy': () => offPolicy(parseRange('1-100')),
  replay: () => replays(10_000),
  determinism: () => determinism(given.full ? fullSize : moderate),
  'training-peers': () => trainingPeers(given.full ? [1e5, 1e6, 1e7] : [1e5, 1e6], given.model),
  'two-tower-backends': () => twoTowerBackends(2000),
  'two-tower-market': () => twoTowerOnMarkets(parseRange(given.seeds)),
}

const unknown = names.filter((name) => benchmarks[name] === undefined)
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}`)
  process.exitCode = 2
} else {
  for (const [name, run] of Object.entries(benchmarks)) if (names.length === 0 || names.includes(name)) await run()
}
