import { newControl, phaseOf } from './claims.js'

test('every task of a phase is done once, and the next phase starts anew', () => {
  const control = newControl()
  const seen: number[][] = []
  const tasks = (...given: number[]): number => seen.push(given)
  phaseOf(control, tasks, [2, 7], 3)
  phaseOf(control, tasks, [0, 1], 1)
  expect(seen.slice(0, 3).sort()).toEqual([
    [2, 7, 0],
    [2, 7, 1],
    [2, 7, 2],
  ])
  expect(seen.slice(3)).toEqual([[0, 1, 0]])
})

test('what a task throws reaches whom the phase belongs to, after the others are done', () => {
  let done = 0
  const tasks = (_: number, __: number, task: number): void => {
    if (task === 1) throw new RangeError('task 1')
    done += 1
  }
  expect(() => phaseOf(newControl(), tasks, [0, 0], 4)).toThrow(new RangeError('task 1'))
  expect(done).toBe(3)
})
