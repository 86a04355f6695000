import { gatheredReads } from './gatheredReads.js'

const bytes = (key: string): Uint8Array => new TextEncoder().encode(key)

/** Answers each key with itself; `groups` has what was asked for at once. */
const recorded = () => {
  const groups: (readonly string[])[] = []
  const answer = (keys: readonly string[]): Promise<readonly (Uint8Array | null)[]> => {
    groups.push(keys)
    return Promise.resolve(keys.map((key) => (key === 'absent' ? null : bytes(key))))
  }
  const read = gatheredReads(async (key) => (await answer([key]))[0] ?? null, answer)
  return { groups, read }
}

test('what is asked for in one turn goes as one, also by those who go on with its answers', async () => {
  const { groups, read } = recorded()
  const reader = async (name: string): Promise<void> => {
    expect(await read(name)).toEqual(bytes(name))
    expect(await read('absent')).toBeNull()
    expect(await read(name)).toEqual(bytes(name))
  }
  await Promise.all(['a', 'b', 'c'].map(reader))
  expect(groups).toEqual([
    ['a', 'b', 'c'],
    ['absent', 'absent', 'absent'],
    ['a', 'b', 'c'],
  ])
  await read('alone')
  expect(groups.at(-1)).toEqual(['alone'])
})

test('many are divided, and each has its own answer', async () => {
  const { groups, read } = recorded()
  const keys = Array.from({ length: 300 }, (_, n) => `key ${n}`)
  expect(await Promise.all(keys.map(read))).toEqual(keys.map(bytes))
  expect(groups.map(({ length }) => length)).toEqual([128, 128, 44])
})

test('a failure is that of all who asked, and of nobody after', async () => {
  let failing = true
  const read = gatheredReads(
    (key) => Promise.resolve(bytes(key)),
    (keys) => (failing ? Promise.reject(new Error('away')) : Promise.resolve(keys.map(bytes))),
  )
  const both = await Promise.allSettled([read('a'), read('b')])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  failing = false
  expect(await read('a')).toEqual(bytes('a'))
})
