import { volatilityOfYears } from './annualReturns.js'

const year = (growth: number, days = 365) => ({ growth, days })

test('three years of 10, 20 and 30 % deviate by 10 %', () => {
  expect(volatilityOfYears([year(0.1), year(0.2), year(0.3)])).toEqual({ volatilityBps: 1_000, observations: 3 })
})

test.each([
  ['two years', [year(0.1), year(0.2)]],
  ['a period too short to count', [year(0.1), year(0.2), year(0.3, 90)]],
  ['years that are all alike', [year(0), year(0), year(0)]],
])('%s give none', (_, years) => {
  expect(volatilityOfYears(years)).toBeNull()
})
