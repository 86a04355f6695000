import { csv, dayBefore, lastDay } from './dates.js'
import { type Random } from './random.js'

/** Invented: none of these companies exists. */
const companies = [
  ['yunshan', '云杉示例基金', '云杉', 'Yunshan'],
  ['chengxi', '晨汐示例基金', '晨汐', 'Chenxi'],
  ['lanhu', '澜湖示例基金', '澜湖', 'Lanhu'],
  ['qinghe', '青禾示例基金', '青禾', 'Qinghe'],
  ['wangyue', '望岳示例基金', '望岳', 'Wangyue'],
  ['luming', '鹿鸣示例基金', '鹿鸣', 'Luming'],
  ['shiguang', '拾光示例基金', '拾光', 'Shiguang'],
  ['tingzhou', '汀洲示例基金', '汀洲', 'Tingzhou'],
  ['hechang', '和畅示例基金', '和畅', 'Hechang'],
  ['beichen', '北宸示例基金', '北宸', 'Beichen'],
  ['songtao', '松涛示例基金', '松涛', 'Songtao'],
  ['yuanshan', '远杉示例基金', '远杉', 'Yuanshan'],
] as const

type Kind = {
  readonly kind: string
  readonly count: number
  /** Words of its names, Chinese and English. */
  readonly words: readonly [string, string]
  /** Annual volatility, lowest and highest, in basis points; and yearly drift. */
  readonly volatilityBps: readonly [number, number]
  readonly driftBps: number
  readonly objectives: string
  readonly minHorizonMonths: number
  readonly purchaseBps: number
}

const kind = (
  name: string,
  count: number,
  words: readonly [string, string],
  volatilityBps: readonly [number, number],
  driftBps: number,
  objectives: string,
  minHorizonMonths: number,
  purchaseBps: number,
): Kind => ({ kind: name, count, words, volatilityBps, driftBps, objectives, minHorizonMonths, purchaseBps })

/** 200 products; how they move is invented, in the range of their kind. */
const kinds: readonly Kind[] = [
  kind('money-market', 16, ['货币', 'Money Market'], [5, 12], 160, 'liquidity|preservation', 0, 0),
  kind('short-bond', 14, ['短债', 'Short Bond'], [55, 150], 240, 'preservation|income', 3, 3),
  kind('bond', 24, ['纯债', 'Bond'], [120, 420], 320, 'preservation|income', 6, 8),
  kind('index-bond', 8, ['债券指数', 'Bond Index'], [120, 300], 300, 'preservation|income', 6, 5),
  kind('bond-mixed', 16, ['增利债券', 'Enhanced Bond'], [350, 1_100], 420, 'income', 12, 8),
  kind('mixed-conservative', 14, ['稳进混合', 'Conservative Mix'], [420, 1_000], 430, 'income', 12, 10),
  kind('fof-conservative', 6, ['养老稳健', 'Retirement Conservative'], [450, 900], 400, 'income', 12, 8),
  kind('mixed-balanced', 12, ['平衡混合', 'Balanced Mix'], [900, 1_700], 520, 'growth|income', 24, 12),
  kind('fof-balanced', 4, ['养老平衡', 'Retirement Balanced'], [900, 1_400], 500, 'growth|income', 24, 10),
  kind('mixed-flexible', 14, ['灵活配置', 'Flexible Mix'], [1_200, 2_800], 600, 'growth', 36, 15),
  kind('mixed-equity', 24, ['精选混合', 'Equity Mix'], [1_700, 3_600], 700, 'growth', 36, 15),
  kind('equity', 16, ['成长股票', 'Growth Equity'], [2_000, 4_800], 800, 'growth|aggressive-growth', 36, 15),
  kind('index-equity', 24, ['指数', 'Index'], [1_500, 4_600], 650, 'growth', 36, 5),
  kind('fof-aggressive', 2, ['养老进取', 'Retirement Growth'], [1_600, 2_200], 600, 'growth', 36, 10),
  kind('commodity', 4, ['黄金', 'Gold'], [1_400, 2_400], 500, 'growth', 36, 6),
  kind('reit', 2, ['仓储REIT', 'Warehouse REIT'], [1_500, 2_000], 450, 'income|growth', 36, 4),
]

const themes = [
  ['悦享', 'Joy'],
  ['安澜', 'Calm'],
  ['鑫瑞', 'Bright'],
  ['启明', 'Dawn'],
  ['恒远', 'Far'],
  ['优选', 'Choice'],
  ['新程', 'Voyage'],
] as const

export type ExampleProduct = {
  readonly id: string
  readonly companyId: string
  readonly kind: string
  readonly level: number
  readonly volatilityBps: number
  readonly driftBps: number
  /** Its NAVs end two months early: rule CN-STALE. */
  readonly stale: boolean
  readonly cells: readonly (string | number)[]
}

/** As `features/definitions/riskRating.ts` would have it of these kinds. */
const levelOf = ({ kind, minHorizonMonths }: Kind, volatilityBps: number): number => {
  if (kind === 'money-market') return 1
  const shown = 1 + [50, 500, 2_000, 4_000].filter((edge) => volatilityBps >= edge).length
  return Math.max(minHorizonMonths >= 24 ? 3 : 2, shown)
}

/** What is out of the ordinary, by number from 1: each shows a rule at work. */
const oddities: Readonly<Record<number, Partial<Record<'status' | 'level' | 'managerLevel' | 'stale', string>>>> = {
  20: { status: 'suspended' },
  45: { status: 'closed' },
  60: { status: 'terminated' },
  75: { status: 'purchase-limited' },
  90: { level: '' },
  105: { managerLevel: 'R5' },
  150: { stale: 'yes' },
}

const tiersOf = (kind: string): string => (kind === 'money-market' ? '' : '7:150|30:75|180:50|:0')

function productOf(spec: Kind, number: number, random: Random): ExampleProduct {
  const [companyId, companyName, shortName, english] = random.pick(companies)
  const [theme, themeEnglish] = random.pick(themes)
  const odd = oddities[number] ?? {}
  const volatilityBps = random.whole(...spec.volatilityBps)
  const level = levelOf(spec, volatilityBps)
  const abroad = spec.kind === 'index-equity' && random.uniform() < 0.2
  const share = random.pick(['A', 'C'])
  const id = `P${String(number).padStart(3, '0')}`
  const cells = [
    id,
    companyId,
    companyName,
    `${shortName}${theme}${abroad ? '全球' : ''}${spec.words[0]}${share}${number}`,
    `${english} ${themeEnglish} ${abroad ? 'Global ' : ''}${spec.words[1]} ${share}${number}`,
    spec.kind,
    'CNY',
    abroad ? 'true' : '',
    odd.level ?? `R${level}`,
    odd.managerLevel ?? '',
    odd.status ?? 'open',
    'simulated',
    random.pick([100, 1_000, 100_000]),
    share === 'C' ? 0 : spec.purchaseBps,
    tiersOf(spec.kind),
    random.uniform() < 0.1 && level > 1 ? random.pick([90, 180, 365]) : '',
    spec.objectives + (level === 5 && !spec.objectives.includes('aggressive') ? '|aggressive-growth' : ''),
    spec.minHorizonMonths,
    dayBefore(lastDay, random.whole(700, 4_000)),
  ]
  const { kind: name, driftBps } = spec
  return { id, companyId, kind: name, level, volatilityBps, driftBps, stale: odd.stale !== undefined, cells }
}

export function makeProducts(random: Random): readonly ExampleProduct[] {
  const specs = kinds.flatMap((spec) => Array.from({ length: spec.count }, () => spec))
  return specs.map((spec, index) => productOf(spec, index + 1, random))
}

const header =
  'id,company_id,company_name,name_zh_cn,name_en,kind,currency,cross_border,risk_level,manager_risk_level,status,status_source,min_purchase_minor,purchase_bps,redemption_tiers,lockup_days,target_objectives,min_horizon_months,inception_date,status_at,known_at'

/** Each product twice: as known before the first event, all open; and as its status and rating were told anew. */
export function productsCsv(products: readonly ExampleProduct[]): string {
  const statusColumn = header.split(',').indexOf('status')
  const early = products.map(({ cells }) => [
    ...cells.map((cell, column) => (column === statusColumn ? 'open' : cell)),
    '2025-05-02T00:00:00Z',
    '2025-05-02T00:00:00Z',
  ])
  const late = products.map(({ cells }) => [...cells, '2026-02-02T00:00:00Z', '2026-02-02T00:00:00Z'])
  return csv(header, [...early, ...late])
}

/** A NAV a week over the year, to four places. */
export function navCsv(products: readonly ExampleProduct[], random: Random): string {
  const weeks = Array.from({ length: 53 }, (_, week) => dayBefore(lastDay, 7 * (52 - week)))
  const rows = products.flatMap(({ id, volatilityBps, driftBps, stale }) => {
    let nav = 1 + random.uniform()
    return weeks.slice(0, stale ? 44 : 53).map((date) => {
      nav *= 1 + driftBps / 520_000 + (volatilityBps / 10_000) * Math.sqrt(1 / 52) * random.normal()
      return [id, date, nav.toFixed(4)]
    })
  })
  return csv('product_id,date,nav', rows)
}
