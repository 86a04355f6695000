import { sharedLock } from './sharedLock.js'

const tick = (ms = 5): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

test('shared work overlaps; exclusive work waits for what came before and holds back what comes after', async () => {
  const lock = sharedLock()
  const log: string[] = []
  const work = (name: string, ms: number) => async (): Promise<void> => {
    log.push(`${name} begins`)
    await tick(ms)
    log.push(`${name} ends`)
  }
  await Promise.all([
    lock.shared(work('a', 20)),
    lock.shared(work('b', 5)),
    lock.exclusive(work('X', 5)),
    lock.shared(work('c', 5)),
    lock.exclusive(work('Y', 1)),
  ])
  expect(log.slice(0, 4)).toEqual(['a begins', 'b begins', 'b ends', 'a ends'])
  expect(log.slice(4)).toEqual(['X begins', 'X ends', 'c begins', 'c ends', 'Y begins', 'Y ends'])
  await tick(1)
  expect(lock.idle()).toBe(true)
})

test('work that fails rejects for its caller alone', async () => {
  const lock = sharedLock()
  const failing = (): Promise<void> => tick(1).then(() => Promise.reject(new Error('no')))
  await expect(lock.shared(failing)).rejects.toThrow('no')
  await expect(lock.exclusive(failing)).rejects.toThrow('no')
  expect(await lock.exclusive(() => Promise.resolve(1))).toBe(1)
  expect(await lock.shared(() => Promise.resolve(2))).toBe(2)
  await tick(1)
  expect(lock.idle()).toBe(true)
})
