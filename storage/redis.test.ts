import { randomBytes } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'
import { openRedis, type Redis } from './redis.js'
import {
  hasRedisServer,
  type RedisCluster,
  type RedisServer,
  startRedis,
  startRedisCluster,
  until,
} from '../tests/redisServers.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (value: Uint8Array | null): string | null => (value === null ? null : new TextDecoder().decode(value))
const installed = hasRedisServer('storage/redis')
const suite = installed ? describe : describe.skip

describe('redis', () => {
  test('an address where nothing listens is refused by name, without its password', async () => {
    for (const scheme of ['redis', 'redis+cluster']) {
      const refused = openRedis(`${scheme}://:secret@127.0.0.1:1`)
      await expect(refused).rejects.toMatchObject({ code: 'redis-unreachable' })
      await expect(refused).rejects.toThrow(/^(?!.*secret).*127\.0\.0\.1:1 does not answer/)
    }
  })

  test('a server that takes the connection and says nothing is refused', async () => {
    const mute = createServer()
    await new Promise<void>((done) => mute.listen(0, '127.0.0.1', done))
    const { port } = mute.address() as AddressInfo
    await expect(openRedis(`redis://127.0.0.1:${port}`)).rejects.toThrow(/does not answer \(nothing within/)
    mute.close()
  })
})

type Place = { readonly url: string; readonly stop: () => Promise<void> }
suite.each<[string, () => Promise<Place>]>([
  ['server', () => startRedis()],
  ['cluster', () => startRedisCluster(3)],
])('a redis %s', (_, start) => {
  const prefix = `aptus-test-${randomBytes(6).toString('hex')}:`
  let place: Place
  let redis: Redis
  beforeAll(async () => {
    place = await start()
    redis = await openRedis(place.url)
  })
  afterAll(async () => {
    await redis.close()
    await place.stop()
  })

  test('gives back the bytes it was given', async () => {
    const value = Uint8Array.from([0, 255, 10, 13, 0])
    await redis.set(`${prefix}bytes`, value)
    expect([...((await redis.get(`${prefix}bytes`)) ?? [])]).toEqual([...value])
    expect(await redis.get(`${prefix}absent`)).toBeNull()
    expect([await redis.remove(`${prefix}bytes`), await redis.remove(`${prefix}bytes`)]).toEqual([true, false])
  })

  test('many keys come in their order, absent ones too, wherever they lie', async () => {
    const keys = Array.from({ length: 1_200 }, (_, n) => `${prefix}many-${n}`)
    await Promise.all(keys.filter((_, n) => n % 7 !== 0).map((key) => redis.set(key, bytes(key))))
    const found = await redis.getMany([...keys, keys[1] ?? ''])
    expect(found.map(text)).toEqual([...keys.map((key, n) => (n % 7 === 0 ? null : key)), keys[1]])
    expect(await redis.getMany([])).toEqual([])
  })

  test('swaps only what is still there', async () => {
    const key = `${prefix}swap`
    expect(await redis.swap(key, bytes('1'), bytes('2'))).toBe(false)
    expect(await redis.swap(key, null, bytes('1'))).toBe(true)
    expect(await redis.swap(key, null, bytes('9'))).toBe(false)
    expect(await redis.swap(key, bytes('1'), bytes('2'))).toBe(true)
    expect(text(await redis.get(key))).toBe('2')
  })

  test('what has a term goes when it is over, and without a new one stays', async () => {
    const [set, swapped, kept] = ['set', 'swapped', 'kept'].map((name) => `${prefix}term-${name}`) as [
      string,
      string,
      string,
    ]
    await redis.set(set, bytes('1'), 600)
    await redis.swap(swapped, null, bytes('1'), 600)
    await redis.set(kept, bytes('1'), 600)
    await redis.set(kept, bytes('2'))
    expect((await redis.getMany([set, swapped, kept])).map(text)).toEqual(['1', '1', '2'])
    await until(async () => (await redis.get(set)) === null && (await redis.get(swapped)) === null, 'the end of a term')
    expect(text(await redis.get(kept))).toBe('2')
  })

  test('lists keys by prefix, glob characters taken as they are', async () => {
    await redis.set(`${prefix}[a*]:1`, bytes('1'))
    await redis.set(`${prefix}[a*]:2`, bytes('1'))
    await redis.set(`${prefix}a:1`, bytes('1'))
    const found: string[] = []
    for await (const keys of redis.keys(`${prefix}[a*]`)) found.push(...keys)
    expect(found.sort()).toEqual([`${prefix}[a*]:1`, `${prefix}[a*]:2`])
  })

  test('each server has a tenure, and keys of its own', async () => {
    const { tenures, tenureOf, own } = redis
    for (let n = 0; n < 50; n += 1) expect(tenures()).toContain(tenureOf(`${prefix}${n}`))
    for (const tenure of tenures()) await own(tenure, `${prefix}own`).set(bytes(tenure))
    for (const tenure of tenures()) expect(text(await own(tenure, `${prefix}own`).get())).toBe(tenure)
    await expect(own(`${tenures()[0] ?? ''}0`, `${prefix}own`).get()).rejects.toMatchObject({
      code: 'redis-unreachable',
    })
  })

  test('tells those who listen', async () => {
    const other = await openRedis(place.url)
    const heard: string[] = []
    await other.subscribe(`${prefix}channel`, (message) => heard.push(message))
    await redis.publish(`${prefix}elsewhere`, 'no')
    await redis.publish(`${prefix}channel`, 'yes')
    await until(() => heard.length > 0, 'the message')
    expect(heard).toEqual(['yes'])
    await other.close()
  })

  test('a command that the server refuses says so', async () => {
    const wrong = openRedis(place.url.replace('://', '://nobody:wrong@'))
    await expect(wrong).rejects.toThrow(/refused a command|does not answer/)
    await expect(wrong).rejects.not.toThrow(/nobody:wrong/)
  })
})

suite('a redis server that fails', () => {
  let server: RedisServer
  let redis: Redis
  beforeEach(async () => {
    server = await startRedis()
    redis = await openRedis(server.url, { readMs: 200, writeMs: 300, failuresToOpen: 3, openMs: 400 })
    await redis.set('k', bytes('1'))
  })
  afterEach(async () => {
    await redis.close()
    await server.stop()
  })

  test('hangs: nothing waits longer than the deadline, then nothing waits at all; awake, it answers again', async () => {
    const tenure = redis.tenureOf('k')
    server.process.kill('SIGSTOP')
    for (let n = 0; n < 3; n += 1)
      await expect(redis.get('k')).rejects.toThrow('does not answer (nothing within 200 ms)')
    const began = performance.now()
    await expect(redis.get('k')).rejects.toThrow('left alone for a moment')
    expect(performance.now() - began).toBeLessThan(100)
    server.process.kill('SIGCONT')
    await until(
      () =>
        redis.get('k').then(
          () => true,
          () => false,
        ),
      'an answer',
    )
    expect(redis.tenureOf('k')).toBe(tenure)
  })

  test('a write that ran out of time is done before later ones of its key, or not at all', async () => {
    server.process.kill('SIGSTOP')
    await expect(redis.set('k', bytes('late'))).rejects.toThrow('nothing within 300 ms')
    const later = redis.set('k', bytes('later'))
    server.process.kill('SIGCONT')
    await later
    await new Promise((done) => setTimeout(done, 100))
    expect(text(await redis.get('k'))).toBe('later')
  })

  test('ends and comes again: its tenure is another', async () => {
    const tenure = redis.tenureOf('k')
    await server.kill()
    await expect(redis.get('k')).rejects.toMatchObject({ code: 'redis-unreachable' })
    const again = await startRedis(server.port)
    await until(
      () =>
        redis.get('k').then(
          (value) => value === null,
          () => false,
        ),
      'an answer',
    )
    expect(redis.tenureOf('k')).not.toBe(tenure)
    await again.stop()
  })
})

suite('a redis cluster that loses a master', () => {
  test('others go on meanwhile; then a replica answers under another tenure', async () => {
    const cluster: RedisCluster = await startRedisCluster(3, 1)
    const redis = await openRedis(cluster.url)
    try {
      const keys = Array.from({ length: 60 }, (_, n) => `k${n}`)
      await Promise.all(keys.map((key) => redis.set(key, bytes(key))))
      const tenure = redis.tenureOf('k0')
      const victim = cluster.masterOf('k0')
      const [lost, kept] = [true, false].map((there) =>
        keys.filter((key) => (cluster.masterOf(key) === victim) === there),
      ) as [string[], string[]]
      expect([lost.length > 0, kept.length > 0]).toEqual([true, true])
      await victim.kill()
      await expect(redis.get('k0')).rejects.toMatchObject({ code: 'redis-unreachable' })
      expect((await redis.getMany(kept)).map(text)).toEqual(kept)
      await until(
        () =>
          redis.get('k0').then(
            () => true,
            () => false,
          ),
        'failover',
      )
      expect((await redis.getMany(keys)).map(text)).toEqual(keys)
      expect(redis.tenureOf('k0')).not.toBe(tenure)
      await redis.set('k0', bytes('new'))
      expect(text(await redis.get('k0'))).toBe('new')
    } finally {
      await redis.close()
      await cluster.stop()
    }
  })
})
