import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { type Pack, PackText } from '../engine/suitability/pack.js'
import { readPack } from '../engine/suitability/readPack.js'
import { allOff, allOn, type SimulationOptions } from '../simulation/options.js'
import { AutoConfig, type ModelConfig, parseModelConfig } from '../training/models/config.js'
import { bootstrap } from './bootstrap.js'
import { marketHoldout, packFile, type Score } from './marketHoldout.js'
import { report, rounded } from './suite.js'

/** A config of the repository, seen from its root. */
const shipped = (name: string): ModelConfig =>
  parseModelConfig(readFileSync(join('training/configs', `${name}.yaml`), 'utf8'), name)

const markets = { default: allOn, 'all switches off': allOff } as const

/**
 * All rules of cn-2026, with a NAV valid for a month and a half: the simulated market tells facts at the end of each
 * month, so that in its middle the ten trading days of the pack would withhold nearly everything.
 */
export function monthlyNavPack(): Pack {
  const text = PackText.parse(parse(readFileSync(packFile('cn-2026'), 'utf8')))
  const terms = { ...text.terms, navTradingDays: 30, navTradingDaysCrossBorder: 30 }
  const id = 'cn-2026-monthly-nav'
  return readPack(new TextEncoder().encode(stringify({ ...text, id, terms })), `${id}.yaml`)
}

/** Two-tower beside popularity and iALS where behaviour follows taste and profile, and where it follows nothing. */
export async function twoTowerOnMarkets(
  seeds: readonly number[],
  size: Omit<SimulationOptions, 'seed' | 'endDay'> = {},
): Promise<void> {
  const configs = {
    popularity: shipped('popularity'),
    ials: AutoConfig.parse(shipped('auto')).ials,
    'two-tower': shipped('two-tower'),
  }
  const packs = [monthlyNavPack(), readPack(readFileSync(packFile('eval-band')), 'eval-band.yaml')]
  const rows: object[] = []
  for (const [market, switches] of Object.entries(markets)) {
    const all: Score[] = []
    for (const seed of seeds) {
      const scores = await marketHoldout({ ...size, seed, switches }, configs, packs)
      rows.push(...rowsOf(scores, { market, seed }))
      all.push(...scores)
      console.error(`${market}, seed ${seed}: done`)
      console.table(rows.slice(-4))
    }
    rows.push(...rowsOf(all, { market, seed: 'all' }))
  }
  report('two-tower-market', {
    question: 'Does the two-tower model learn what popularity cannot, and nothing where nothing can be learned?',
    baseline: 'popularity of the same purchases, under the same rules; iALS beside it',
    n: `${seeds.length} simulated markets of 4,200 products, 20,000 investors and two years, seeds ${seeds.join(', ')}, not looked at before`,
    rows,
    remarks: [
      'nDCG@10 of the purchases of the latest tenth that were new to the investor; slates by engine/decide; profile, behaviour and catalogue as known at the cut.',
      'low and high: 95 % interval of the difference by investor, percentile bootstrap, 1,000 resamples. Row "all" pools the investors of all seeds.',
      'cn-2026-monthly-nav: all rules of cn-2026, a NAV valid for 30 trading days in place of 10, for the market tells facts once a month.',
      '"refused": investors to whom the rules permit nothing at the cut, mostly for an assessment that lapsed; they count as 0 for every model.',
    ],
  })
}

const groups = { all: Infinity, 'fewer than 3 purchases': 3 } as const

/** A row for each pack and group of investors. */
export const rowsOf = (scores: readonly Score[], of: object): object[] =>
  [...new Set(scores.map(({ pack }) => pack))].flatMap((pack) =>
    Object.entries(groups).map(([investors, below]) => ({
      ...of,
      pack,
      investors,
      ...compared(scores.filter((score) => score.pack === pack && score.purchases < below)),
    })),
  )

/** Means, and the paired differences of two-tower with their intervals. */
export function compared(scores: readonly Score[]) {
  const of = (model: string): number[] => scores.map(({ ndcg }) => ndcg[model] ?? NaN)
  const [popularity, ials, tower] = [of('popularity'), of('ials'), of('two-tower')]
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const less = (other: readonly number[]) =>
    bootstrap(
      tower.map((value, at) => value - (other[at] ?? NaN)),
      1,
    )
  const [floor, beside] = [less(popularity), less(ials)]
  return {
    n: scores.length,
    refused: scores.filter(({ refused }) => refused).length,
    popularity: rounded(mean(popularity), 4),
    iALS: rounded(mean(ials), 4),
    'two-tower': rounded(mean(tower), 4),
    'two-tower / popularity': rounded(mean(tower) / mean(popularity), 2),
    'two-tower − popularity': rounded(floor.value, 4),
    low: rounded(floor.low, 4),
    high: rounded(floor.high, 4),
    'two-tower − iALS': rounded(beside.value, 4),
    'low, iALS': rounded(beside.low, 4),
    'high, iALS': rounded(beside.high, 4),
  }
}
