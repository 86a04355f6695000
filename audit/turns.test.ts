import { type Settled, turns } from './turns.js'

/** Turns whose groups take a moment; what ran, in its order, and never two at once. */
const recorded = (resultOf: (item: string) => Settled<string> = (item) => ({ value: item.toUpperCase() })) => {
  const ran: string[] = []
  let running = 0
  const run = async <T>(name: string, result: () => T): Promise<T> => {
    expect(running++).toBe(0)
    await new Promise((resolve) => setTimeout(resolve, 2))
    ran.push(name)
    running--
    return result()
  }
  const { join, alone } = turns<string, string>((items) => run(items.join('+'), () => items.map(resultOf)))
  return { ran, join, alone: (name: string) => alone(() => run(name, () => name)) }
}

test('what waits shares a group, in its order; a task runs alone, and what comes after it after it', async () => {
  const { ran, join, alone } = recorded()
  const asked = [join('a'), join('b'), alone('task'), join('c'), join('d'), alone('other'), alone('third'), join('e')]
  expect(await Promise.all(asked)).toEqual(['A', 'B', 'task', 'C', 'D', 'other', 'third', 'E'])
  expect(ran).toEqual(['a+b', 'task', 'c+d', 'other', 'third', 'e'])
})

test('a group that runs takes nothing more in', async () => {
  const { ran, join } = recorded()
  const first = join('a')
  await new Promise((resolve) => setImmediate(resolve))
  expect(await Promise.all([first, join('b'), join('c')])).toEqual(['A', 'B', 'C'])
  expect(ran).toEqual(['a', 'b+c'])
})

test('an item that fails fails alone', async () => {
  const { join } = recorded((item) => (item === 'b' ? { error: new Error('not b') } : { value: item }))
  expect(await Promise.allSettled([join('a'), join('b'), join('c')])).toEqual([
    { status: 'fulfilled', value: 'a' },
    { status: 'rejected', reason: new Error('not b') },
    { status: 'fulfilled', value: 'c' },
  ])
})

test('a group that throws fails whole, and so does an item of which it says nothing; what comes later runs', async () => {
  let group = 0
  const { join, alone } = turns<string, string>((items) =>
    ++group === 1 ? Promise.reject(new Error('the disk is full')) : Promise.resolve([{ value: `${group}${items[0]}` }]),
  )
  const first = [join('a'), join('b')]
  const task = alone(() => Promise.reject(new Error('no task')))
  expect(await Promise.allSettled([...first, task, join('c'), join('d')])).toEqual([
    { status: 'rejected', reason: new Error('the disk is full') },
    { status: 'rejected', reason: new Error('the disk is full') },
    { status: 'rejected', reason: new Error('no task') },
    { status: 'fulfilled', value: '2c' },
    { status: 'rejected', reason: new Error('the group says nothing of this item') },
  ])
  expect(await join('e')).toBe('3e')
})
