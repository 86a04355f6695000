import { randomBytes } from 'node:crypto'
import { openRedis, type Redis } from './redis.js'

const url = process.env['APTUS_TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379'
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const reached: Redis | null = await openRedis(url).catch(() => null)
if (reached === null) {
  if (process.env['CI_NO_SKIP'] === '1') throw new Error('no redis answers, and CI_NO_SKIP=1 forbids to skip its tests')
  console.warn('storage/redis: skipped, no redis answers at APTUS_TEST_REDIS_URL or on port 6379')
}

describe('redis', () => {
  test('an address where nothing listens is refused by name, without its password', async () => {
    const refused = openRedis('redis://:secret@127.0.0.1:1')
    await expect(refused).rejects.toMatchObject({ code: 'redis-unreachable' })
    await expect(refused).rejects.toThrow(/^(?!.*secret).*127\.0\.0\.1:1 does not answer/)
  })
})

const describeReached = reached === null ? describe.skip : describe
describeReached('a redis that answers', () => {
  const redis = reached!
  const prefix = `aptus-test-${randomBytes(6).toString('hex')}:`
  afterAll(async () => {
    for await (const keys of redis.keys(prefix)) await Promise.all(keys.map(redis.remove))
    await redis.close()
  })

  test('gives back the bytes it was given', async () => {
    const value = Uint8Array.from([0, 255, 10, 13, 0])
    await redis.set(`${prefix}bytes`, value)
    expect([...((await redis.get(`${prefix}bytes`)) ?? [])]).toEqual([...value])
    expect(await redis.get(`${prefix}absent`)).toBeNull()
    expect([await redis.remove(`${prefix}bytes`), await redis.remove(`${prefix}bytes`)]).toEqual([true, false])
  })

  test('swaps only what is still there', async () => {
    const key = `${prefix}swap`
    expect(await redis.swap(key, bytes('1'), bytes('2'))).toBe(false)
    expect(await redis.swap(key, null, bytes('1'))).toBe(true)
    expect(await redis.swap(key, null, bytes('9'))).toBe(false)
    expect(await redis.swap(key, bytes('1'), bytes('2'))).toBe(true)
    expect(Buffer.from((await redis.get(key)) ?? []).toString()).toBe('2')
  })

  test('a command that the server refuses says so', async () => {
    const port = new URL(url).host
    const wrong = openRedis(`redis://nobody:wrong@${port}`)
    await expect(wrong).rejects.toThrow(/refused a command|does not answer/)
    await expect(wrong).rejects.not.toThrow(/nobody:wrong/)
  })

  test('lists keys by prefix, glob characters taken as they are', async () => {
    await redis.set(`${prefix}[a*]:1`, bytes('1'))
    await redis.set(`${prefix}a:1`, bytes('1'))
    const found: string[] = []
    for await (const keys of redis.keys(`${prefix}[a*]`)) found.push(...keys)
    expect(found).toEqual([`${prefix}[a*]:1`])
  })
})
