import { type ProductKind } from '../features/schema/levels.js'

/** How the products of one kind are made. Volatilities lie lognormally, nine of ten between the two bounds. */
export type KindSpec = {
  readonly kind: ProductKind
  /** Products in a thousand. */
  readonly share: number
  readonly words: readonly [zh: string, en: string]
  readonly volatilityBps: readonly [low: number, high: number]
  /** Expected return a year. */
  readonly driftBps: number
  /** Loadings of a day's return on the factors; what is left of 1, squared, is the product's own. */
  readonly loadings: {
    readonly market: number
    readonly kind: number
    readonly company: number
    readonly theme: number
  }
  readonly purchaseBps: number
  readonly managementBps: number
  readonly custodyBps: number
  /** Lock-ups to choose from, in days, and how many products in a hundred have one. */
  readonly lockups: readonly number[]
  readonly lockedPercent: number
  readonly abroadPercent: number
  readonly themes: 'equity' | 'bond' | 'none'
}

type Loadings = readonly [market: number, kind: number, company: number, theme: number]
type Fees = readonly [purchaseBps: number, managementBps: number, custodyBps: number]

const spec = (
  kind: ProductKind,
  share: number,
  words: readonly [string, string],
  volatilityBps: readonly [number, number],
  driftBps: number,
  [market, ofKind, company, theme]: Loadings,
  [purchaseBps, managementBps, custodyBps]: Fees,
  rest: Partial<Pick<KindSpec, 'lockups' | 'lockedPercent' | 'abroadPercent' | 'themes'>> = {},
): KindSpec => ({
  kind,
  share,
  words,
  volatilityBps,
  driftBps,
  loadings: { market, kind: ofKind, company, theme },
  purchaseBps,
  managementBps,
  custodyBps,
  lockups: [],
  lockedPercent: 0,
  abroadPercent: 0,
  themes: 'none',
  ...rest,
})

const bondFactors: Loadings = [0, 0.75, 0.15, 0.2]
const convertibleFactors: Loadings = [0.6, 0.3, 0.15, 0.1]
const mixedFactors: Loadings = [0.7, 0.2, 0.15, 0.25]
const equityFactors: Loadings = [0.7, 0.15, 0.12, 0.45]

/**
 * Shares near those of the real list of funds of 2026, with more cash and short bonds, which distributors' shelves
 * hold; volatilities near those of real funds by kind (docs/simulation.md shows both). Assumed, all of it.
 */
export const kindSpecs: readonly KindSpec[] = [
  spec('money-market', 55, ['货币', 'Money Market'], [4, 14], 160, [0, 0.4, 0, 0], [0, 15, 5]),
  spec('short-bond', 60, ['短债', 'Short Bond'], [40, 230], 240, bondFactors, [3, 30, 8], {
    lockups: [30, 90],
    lockedPercent: 35,
    themes: 'bond',
  }),
  spec('bond', 150, ['纯债', 'Bond'], [100, 460], 330, bondFactors, [8, 30, 10], {
    lockups: [90, 180],
    lockedPercent: 15,
    abroadPercent: 2,
    themes: 'bond',
  }),
  spec('index-bond', 35, ['债券指数', 'Bond Index'], [80, 320], 300, bondFactors, [5, 15, 5], { themes: 'bond' }),
  spec('bond-mixed', 95, ['增利债券', 'Enhanced Bond'], [180, 1_250], 400, convertibleFactors, [8, 70, 20], {
    lockups: [180, 365],
    lockedPercent: 15,
    themes: 'bond',
  }),
  spec(
    'mixed-conservative',
    65,
    ['偏债混合', 'Conservative Mix'],
    [330, 1_150],
    420,
    convertibleFactors,
    [10, 80, 20],
    {
      lockups: [180, 365],
      lockedPercent: 40,
    },
  ),
  spec('absolute-return', 8, ['绝对收益', 'Absolute Return'], [250, 800], 350, [0.3, 0.4, 0.2, 0], [12, 120, 20]),
  spec('fof-conservative', 30, ['稳健养老FOF', 'Conservative FOF'], [250, 700], 390, convertibleFactors, [8, 60, 15], {
    lockups: [90, 365],
    lockedPercent: 60,
  }),
  spec('mixed-balanced', 18, ['平衡混合', 'Balanced Mix'], [800, 1_900], 520, mixedFactors, [12, 120, 20]),
  spec('fof-balanced', 18, ['均衡养老FOF', 'Balanced FOF'], [700, 1_400], 500, mixedFactors, [10, 80, 15], {
    lockups: [365, 1_095],
    lockedPercent: 60,
  }),
  spec('mixed-flexible', 90, ['灵活配置', 'Flexible Mix'], [800, 3_600], 560, mixedFactors, [15, 120, 20], {
    themes: 'equity',
  }),
  spec('mixed-equity', 165, ['偏股混合', 'Equity Mix'], [1_800, 4_000], 680, equityFactors, [15, 120, 20], {
    lockups: [365, 1_095],
    lockedPercent: 12,
    abroadPercent: 4,
    themes: 'equity',
  }),
  spec('fof-aggressive', 12, ['进取FOF', 'Growth FOF'], [1_400, 2_300], 600, mixedFactors, [10, 100, 20], {
    lockups: [1_095],
    lockedPercent: 40,
  }),
  spec('equity', 50, ['股票', 'Equity'], [2_000, 4_100], 720, equityFactors, [15, 120, 20], {
    abroadPercent: 8,
    themes: 'equity',
  }),
  spec('index-equity', 135, ['指数', 'Equity Index'], [1_600, 4_000], 640, equityFactors, [5, 50, 10], {
    abroadPercent: 10,
    themes: 'equity',
  }),
  spec('commodity', 6, ['黄金', 'Gold'], [1_300, 2_600], 500, [0.05, 0.9, 0, 0], [6, 60, 10], { abroadPercent: 20 }),
  spec('reit', 8, ['基础设施REIT', 'Infrastructure REIT'], [900, 2_200], 420, [0.2, 0.5, 0.1, 0], [4, 30, 5]),
]

/** Themes of a name, Chinese and English; those of bonds are styles of credit. */
export const themesOf: Readonly<Record<KindSpec['themes'], readonly (readonly [zh: string, en: string])[]>> = {
  equity: [
    ['科技', 'Technology'],
    ['医药', 'Health'],
    ['消费', 'Consumer'],
    ['新能源', 'New Energy'],
    ['金融', 'Financials'],
    ['制造', 'Industry'],
    ['红利', 'Dividend'],
    ['价值', 'Value'],
    ['成长', 'Growth'],
    ['低碳', 'Low Carbon'],
    ['小盘', 'Small Cap'],
    ['量化', 'Quant'],
  ],
  bond: [
    ['信用', 'Credit'],
    ['利率', 'Rates'],
    ['政金', 'Policy Bank'],
    ['双利', 'Two Sources'],
  ],
  none: [['', '']],
}
