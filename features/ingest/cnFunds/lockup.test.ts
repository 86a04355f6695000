import { lockupDaysOfName } from './lockup.js'

test.each([
  ['中银恒优12个月持有期债券C', 360],
  ['嘉实鑫福一年持有期混合', 365],
  ['华夏养老2050五年持有混合发起式(FOF)A', 1825],
  ['招商招旭90天滚动持有债券A', 90],
  ['创金合信稳健增利6个月持有期A', 180],
  ['华夏成长混合', 0],
  ['中信嘉鑫3个月定开债', 0],
])('%s: %i days', (name, days) => {
  expect(lockupDaysOfName(name)).toBe(days)
})
