import { createHash } from 'node:crypto'

/** A manager: its id in ascii (pinyin or its own English name), its name, and how its funds' names begin. */
export type Company = { readonly companyId: string; readonly companyName: string }

/**
 * `id name prefix prefix …`: managers of Chinese public funds. From the `management` column of
 * fund_basic_exchange_listed.csv, and the well-known others. Former names stand as prefixes of the present company.
 */
const table = `
abc-ca 农银汇理基金 农银
allianz 安联基金 安联
alliance-bernstein 联博基金 联博
anxin 安信基金 安信
anxin-am 安信资管 安信资管
baijia 百嘉基金 百嘉
baoying 宝盈基金 宝盈
beixin-ruifeng 北信瑞丰基金 北信瑞丰
blackrock 贝莱德基金 贝莱德
bocom-schroders 交银施罗德基金 交银施罗德 交银
bodao 博道基金 博道
bohai-huijin 渤海汇金资管 渤海汇金
bosera 博时基金 博时
boyuan 博远基金 博远
caitong 财通基金 财通
caitong-am 财通证券资管 财通资管 财通证券资管
caixin 财信基金 财信
guolian 国联基金 国联 中融
changan 长安基金 长安
changcheng 长城基金 长城
changjiang-am 长江资管 长江
changsheng 长盛基金 长盛
changxin 长信基金 长信
chuangjin-hexin 创金合信基金 创金合信 创金
chunhou 淳厚基金 淳厚
citic-am 中信证券资管 中信证券 中信资管
citic-pru 中信保诚基金 中信保诚 信诚
csc 中信建投基金 中信建投
cinda-am 信达证券资管 信达
dacheng-fund 达诚基金 达诚
dacheng 大成基金 大成
debon 德邦基金 德邦
dfhong 东证资管 东方红 东证资管
dongcai 西藏东财基金 西藏东财 东财
dongfang 东方基金 东方
dongfang-alpha 东方阿尔法基金 东方阿尔法
donghai 东海基金 东海
dongwu 东吴基金 东吴
dongxing 东兴基金 东兴
efund 易方达基金 易方达
everbright-pramerica 光大保德信基金 光大保德信 光大
everbright-am 光大证券资管 光证资管 光大阳光
fangzheng-fubon 方正富邦基金 方正富邦
fengchao 蜂巢基金 蜂巢
fidelity 富达基金 富达
first-seafront 前海开源基金 前海开源
first-state-cinda 信达澳亚基金 信达澳亚 信澳 信达澳银
franklin-sealand 国海富兰克林基金 国海富兰克林 国富
fuanda 富安达基金 富安达
fuguo 富国基金 富国
furong 富荣基金 富荣
galaxy 银河基金 银河
gelin 格林基金 格林
gf 广发基金 广发
gf-am 广发资管 广发资管
gtja-allianz 国联安基金 国联安
gtja-am 国泰君安资管 国泰君安 国泰海通 国君资管
guojin 国金基金 国金
guorong 国融基金 国融
guotai 国泰基金 国泰
guotou-ubs 国投瑞银基金 国投瑞银
guotou-am 国投证券资管 国投证券
guoxin-am 国信资管 国信
guoxin-guozheng 国新国证基金 国新国证
guoshou-anbao 国寿安保基金 国寿安保 国寿
haitong-am 海通资管 海通
harvest 嘉实基金 嘉实
hengsheng-qianhai 恒生前海基金 恒生前海
hengyue 恒越基金 恒越
hexuzhiyuan 合煦智远基金 合煦智远
hongde 泓德基金 泓德
hongta 红塔红土基金 红塔红土
hongtu 红土创新基金 红土创新 红土
hongyi 弘毅远方基金 弘毅远方
hft 海富通基金 海富通
hsbc-jintrust 汇丰晋信基金 汇丰晋信 汇丰
huaan 华安基金 华安
huaan-am 华安证券资管 华安证券
huabao 华宝基金 华宝
huachen 华宸未来基金 华宸未来
huafu 华富基金 华富
huarun-yuanta 华润元大基金 华润元大
huashang 华商基金 华商
huatai-am 华泰证券资管 华泰紫金 华泰证券
huatai-baoxing 华泰保兴基金 华泰保兴
huatai-pinebridge 华泰柏瑞基金 华泰柏瑞
huaxi 华西基金 华西
huaxia 华夏基金 华夏
huayin 华银基金 华银
huian 汇安基金 汇安
huibaichuan 汇百川基金 汇百川
huiquan 汇泉基金 汇泉
huisheng 惠升基金 惠升
huitianfu 汇添富基金 汇添富 添富
icbc-cs 工银瑞信基金 工银瑞信 工银
invesco-greatwall 景顺长城基金 景顺长城 景顺
jiahe 嘉合基金 嘉合
jiangxin 江信基金 江信
jianxin 建信基金 建信
jingguan 京管泰富基金 京管泰富
jinxin 金信基金 金信
jinying 金鹰基金 金鹰
jinyuan 金元顺安基金 金元顺安
jiutai 九泰基金 九泰
jpmorgan 摩根基金 摩根 上投摩根
kaishi 凯石基金 凯石
manulife 宏利基金 宏利 泰达宏利
maxwealth 永赢基金 永赢
merchants 招商基金 招商
merchants-am 招商资管 招商资管
mingya 明亚基金 明亚
minsheng-royal 民生加银基金 民生加银 民生
morgan-stanley 摩根士丹利基金 摩根士丹利 大摩
nanfang 南方基金 南方
nanhua 南华基金 南华
neuberger 路博迈基金 路博迈
nuoan 诺安基金 诺安
nuode 诺德基金 诺德
penghua 鹏华基金 鹏华
pengan 鹏安基金 鹏安
pengyang 鹏扬基金 鹏扬
picc 人保资产 人保
pingan 平安基金 平安
puyin-axa 浦银安盛基金 浦银安盛 浦银
qianhai-lianhe 前海联合基金 前海联合 新疆前海
quanguo 泉果基金 泉果
rongtong 融通基金 融通
ruida 瑞达基金 瑞达
ruiyuan 睿远基金 睿远
schroders 施罗德基金 施罗德
shangyin 上银基金 上银
shangzheng 尚正基金 尚正
shanxi-securities 山西证券 山西证券 山证
shenwan-am 申万宏源资管 申万宏源
swsmu 申万菱信基金 申万菱信 申万
suxin 苏新基金 苏新
taikang 泰康基金 泰康
taiping 太平基金 太平
taixin 泰信基金 泰信
tianhong 天弘基金 天弘
tianzhi 天治基金 天治
tongtai 同泰基金 同泰
wanjia 万家基金 万家
wanlian-am 万联资管 万联
west-leadbank 西部利得基金 西部利得
xianfeng 先锋基金 先锋
xiangcai 湘财基金 湘财
xinghe 兴合基金 兴合
xinghua 兴华基金 兴华
xingye 兴业基金 兴业
xingyin 兴银基金 兴银
xingzheng-am 兴证资管 兴证资管
xingzheng-global 兴证全球基金 兴证全球 兴全
xinhua 新华基金 新华
xinwo 新沃基金 新沃
xinyuan 鑫元基金 鑫元
yimi 易米基金 易米
yimin 益民基金 益民
yingda 英大基金 英大
yinhua 银华基金 银华
yuanxin-yongfeng 圆信永丰基金 圆信永丰
zheshang 浙商基金 浙商
zheshang-am 浙商资管 浙商资管 浙商汇金
zhonggeng 中庚基金 中庚
zhonghai 中海基金 中海
zhonghang 中航基金 中航
zhongjia 中加基金 中加
zhongjin 中金基金 中金
zhongke-wotu 中科沃土基金 中科沃土
zhongou 中欧基金 中欧
zhongtai-am 中泰资管 中泰
zhongyin 中银基金 中银
zhongyin-securities 中银证券 中银证券 中银国际
zhongyou 中邮基金 中邮
zhuque 朱雀基金 朱雀
`

type Known = { readonly company: Company; readonly prefix: string }

const known: readonly Known[] = table
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [companyId = '', companyName = '', ...prefixes] = line.split(' ')
    return [companyName, ...prefixes].map((prefix) => ({ company: { companyId, companyName }, prefix }))
  })
  .sort((a, b) => b.prefix.length - a.prefix.length || (a.prefix < b.prefix ? -1 : 1))

/** Where a name tells no known manager: one company of its own, so that diversification treats these as one. */
export const unknownCompany: Company = { companyId: 'cn-unknown', companyName: '（未识别的管理人）' }

/**
 * The manager of a fund: by the longest known beginning of its name (东方红 before 东方), else by the longest known end
 * (科创综指ETF招商, the pattern of renamed exchange-traded funds), else `unknownCompany`.
 */
export function companyOfFund(fundName: string): Company {
  const name = fundName.replace(/(联接)?[A-Z]?$/, '')
  const found = known.find(({ prefix }) => name.startsWith(prefix)) ?? known.find(({ prefix }) => name.endsWith(prefix))
  return found?.company ?? unknownCompany
}

/** The company of a declared manager; one that the table lacks gets an id made of its name's SHA-256. */
export function companyOfManager(management: string): Company {
  const found = known.find(({ prefix, company }) => prefix === management || company.companyName === management)
  if (found !== undefined) return found.company
  return {
    companyId: `cmp-${createHash('sha256').update(management).digest('hex').slice(0, 12)}`,
    companyName: management,
  }
}
