import { type ProductKind } from '../../schema/levels.js'

export type FundType = { readonly kind: ProductKind; readonly crossBorder: boolean }

const home = (kind: ProductKind): FundType => ({ kind, crossBorder: false })
const abroad = (kind: ProductKind): FundType => ({ kind, crossBorder: true })

/** The 32 type texts of fund_list (the 33rd is empty: such a fund is rejected). FOF abroad counts as aggressive. */
export const fundTypes: Readonly<Record<string, FundType>> = {
  '货币型-普通货币': home('money-market'),
  '货币型-浮动净值': home('money-market'),
  '债券型-中短债': home('short-bond'),
  '债券型-长债': home('bond'),
  '债券型-混合一级': home('bond-mixed'),
  '债券型-混合二级': home('bond-mixed'),
  '指数型-固收': home('index-bond'),
  '混合型-偏债': home('mixed-conservative'),
  '混合型-平衡': home('mixed-balanced'),
  '混合型-灵活': home('mixed-flexible'),
  '混合型-偏股': home('mixed-equity'),
  '混合型-绝对收益': home('absolute-return'),
  'FOF-稳健型': home('fof-conservative'),
  'FOF-均衡型': home('fof-balanced'),
  'FOF-进取型': home('fof-aggressive'),
  股票型: home('equity'),
  '指数型-股票': home('index-equity'),
  '指数型-海外股票': abroad('index-equity'),
  '指数型-其他': home('index-other'),
  商品: home('commodity'),
  Reits: home('reit'),
  REITs: home('reit'),
  'QDII-纯债': abroad('bond'),
  'QDII-混合债': abroad('bond-mixed'),
  'QDII-混合平衡': abroad('mixed-balanced'),
  'QDII-混合灵活': abroad('mixed-flexible'),
  'QDII-混合偏股': abroad('mixed-equity'),
  'QDII-普通股票': abroad('equity'),
  'QDII-商品': abroad('commodity'),
  'QDII-FOF': abroad('fof-aggressive'),
  'QDII-REITs': abroad('reit'),
  QDII: abroad('equity'),
}
