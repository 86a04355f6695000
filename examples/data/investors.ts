import { csv, dayBefore, instantOn, lastDay } from './dates.js'
import { type Random } from './random.js'

export type ExampleInvestor = {
  readonly id: string
  /** 1 to 5; 0: not assessed. */
  readonly level: number
  readonly rows: readonly (readonly (string | number)[])[]
}

const header =
  'id,risk_level,assessed_at,questionnaire_version,accepts_no_loss,birth_date,objectives,horizon_months,loss_capacity_bps,knowledge,asset_band,income_band,consents_profiling,consents_personalisation,known_at'

const objectivesOf = [
  'liquidity',
  'liquidity|preservation',
  'liquidity|preservation|income',
  'preservation|income|growth',
  'income|growth',
  'income|growth|aggressive-growth',
] as const
const knowledgeOf = [
  '',
  'money-market:basic',
  'money-market:basic|bond:basic',
  'bond:experienced|bond-mixed:basic',
  'bond:experienced|equity:basic|index-equity:basic',
  'bond:experienced|equity:experienced|index-equity:experienced',
] as const
const lossOf = [0, 100, 500, 1_500, 3_000, 5_000] as const
const assetBands = ['under-30k', '30k-80k', '80k-300k', '300k-3m', '3m-5m', 'over-5m'] as const
const incomeBands = ['under-60k', '60k-120k', '120k-300k', '300k-500k', 'over-500k'] as const

/** By number: what shows a rule at work. */
const expired = 5
const unassessed = 6
const acceptsNoLoss = 11
const notPersonal = 8
const notProfiled = 9
const aged: readonly number[] = [24, 45]

function investorOf(number: number, random: Random): ExampleInvestor {
  const id = `I${String(number).padStart(2, '0')}`
  const level = number === unassessed ? 0 : number === acceptsNoLoss ? 1 : 1 + ((number - 1) % 5)
  const age = aged.includes(number) ? random.whole(66, 79) : random.whole(23, 58)
  const lossBps = lossOf[level] ?? 0
  const horizon = level <= 1 ? random.whole(3, 12) : random.whole(12 * level - 6, 18 * level)
  const profile = [
    number === acceptsNoLoss ? 'true' : '',
    dayBefore(lastDay, age * 365 + random.whole(0, 364)),
    objectivesOf[level] ?? '',
    horizon,
    lossBps,
    knowledgeOf[level] ?? '',
    random.pick(assetBands),
    random.pick(incomeBands),
    number === notProfiled ? 'false' : 'true',
    number === notPersonal ? 'false' : 'true',
  ]
  const assessment = (at: string) => (level === 0 ? ['', '', ''] : [`C${level}`, at, 'v1'])
  const early = [id, ...assessment('2025-04-20T02:00:00Z'), ...profile, '2025-05-05T00:00:00Z']
  const retaken = instantOn(dayBefore(lastDay, random.whole(20, 220)), random.whole(60, 700))
  const late = [id, ...assessment(retaken), ...profile, retaken]
  return { id, level, rows: number === expired ? [early] : [early, late] }
}

/** 50 investors, ten a level, each as known before the first event and after his yearly assessment. */
export const makeInvestors = (random: Random): readonly ExampleInvestor[] =>
  Array.from({ length: 50 }, (_, index) => investorOf(index + 1, random))

export const investorsCsv = (investors: readonly ExampleInvestor[]): string =>
  csv(
    header,
    investors.flatMap(({ rows }) => rows),
  )
