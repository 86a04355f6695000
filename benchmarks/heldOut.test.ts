import { interactionsOf, itemsOf } from '../training/interactions.js'
import { fitPopularity } from '../training/models/popularity.js'
import { heldOut, recallAt20 } from './heldOut.js'
import { powerLawPairs } from './powerLawPairs.js'
import { bytesOf } from './trainingPeers.js'

test('one item of each row of three is out, and out of training', () => {
  const pairs = powerLawPairs({ users: 40, items: 80, pairs: 400 }, 2)
  const { train, held } = heldOut(pairs, 1)
  held.forEach((item, user) => {
    expect([...itemsOf(train, user), item].sort((a, b) => a - b)).toEqual([...itemsOf(pairs, user)])
  })
  expect(heldOut(pairs, 1)).toEqual({ train, held })
  expect([...heldOut(interactionsOf(['a', 'b'], [new Map([[0, 1]])]), 1).held]).toEqual([-1])
})

test('recall by hand: of two rows one has its item among the best 20', () => {
  const itemIds = Array.from({ length: 30 }, (_, item) => `p${item}`)
  const rows = [...Array.from({ length: 25 }, (_, item) => item)].map((item) => new Map([[item, 1]]))
  const train = interactionsOf(itemIds, [...rows, new Map([[0, 1]])])
  const held = new Int32Array(26).fill(-1)
  held[24] = 1
  held[25] = 29
  expect(recallAt20(fitPopularity(train), { train, held })).toBe(0.5)
})

test('pairs as Python reads them: users, items, offsets, items', () => {
  const train = interactionsOf(
    ['a', 'b', 'c'],
    [
      new Map([[2, 1]]),
      new Map([
        [0, 1],
        [1, 1],
      ]),
    ],
  )
  expect([...new Int32Array(bytesOf(train).buffer)]).toEqual([2, 3, 0, 1, 3, 2, 0, 1])
})
