import { companyOfFund, companyOfManager, unknownCompany } from './companies.js'

test.each([
  ['华夏成长混合', 'huaxia'],
  ['东方红睿丰灵活配置混合A', 'dfhong'],
  ['东方精选混合', 'dongfang'],
  ['国联安优选行业混合', 'gtja-allianz'],
  ['国联医疗健康混合C', 'guolian'],
  ['中信保诚精萃成长混合A', 'citic-pru'],
  ['科创综指ETF招商', 'merchants'],
  ['科创综指ETF易方达联接C', 'efund'],
])('%s is of %s', (name, companyId) => {
  expect(companyOfFund(name).companyId).toBe(companyId)
})

test('a name without a known manager', () => {
  expect(companyOfFund('MSCI中国A股国际通联接A')).toEqual(unknownCompany)
})

test('declared managers: the same ids, or an id made of the name', () => {
  expect(companyOfManager('易方达基金')).toEqual({ companyId: 'efund', companyName: '易方达基金' })
  const stranger = companyOfManager('某某基金')
  expect(stranger.companyName).toBe('某某基金')
  expect(stranger.companyId).toMatch(/^cmp-[0-9a-f]{12}$/)
  expect(companyOfManager('某某基金')).toEqual(stranger)
})
