import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FirmId, InvestorId } from '../../features/schema/ids.js'
import { openForgettingLmdb } from '../../storage/forgettingLmdb.js'
import { type Answer, answer } from './answer.js'
import { createIdempotency, type IdempotencyStore, keptMs, type OnceRequest } from './idempotency.js'
import { lmdbIdempotency } from './idempotencyLmdb.js'
import { memoryIdempotency } from './idempotencyMemory.js'

const dirs: string[] = []
const lmdb = async (): Promise<IdempotencyStore> => {
  const dir = await mkdtemp(join(tmpdir(), 'aptus.idempotency-'))
  dirs.push(dir)
  return lmdbIdempotency(await openForgettingLmdb(dir))
}
afterAll(() => Promise.all(dirs.map((dir) => rm(dir, { recursive: true }))))

const request = (changes: Partial<Omit<OnceRequest, 'body'>> & { body?: string } = {}): OnceRequest => ({
  firmId: FirmId.parse('f'),
  route: 'POST /v1/x',
  key: 'k',
  subjects: [InvestorId.parse('i')],
  now: 1_000_000,
  ...changes,
  body: new TextEncoder().encode(changes.body ?? '{}'),
})
/** Work that tells how often it ran. */
const numbered = (status = 200) => {
  let ran = 0
  return () => Promise.resolve(answer(status, { ran: ++ran }))
}
const bodyOf = (given: Answer | 'reused'): string => (given === 'reused' ? given : given.body)

describe.each([
  ['memory', () => Promise.resolve(memoryIdempotency())],
  ['lmdb', lmdb],
])('%s', (_, open) => {
  test('the same key and body: the same answer; another body: refused; another firm, route, key: run', async () => {
    const store = await open()
    const { once } = createIdempotency(store)
    const work = numbered()
    expect(bodyOf(await once(request(), work))).toBe('{"ran":1}')
    expect(bodyOf(await once(request({ now: 1_000_000 + keptMs - 1 }), work))).toBe('{"ran":1}')
    expect(await once(request({ body: '{ }' }), work)).toBe('reused')
    expect(bodyOf(await once(request({ firmId: FirmId.parse('g') }), work))).toBe('{"ran":2}')
    expect(bodyOf(await once(request({ route: 'POST /v1/y' }), work))).toBe('{"ran":3}')
    expect(bodyOf(await once(request({ key: 'l' }), work))).toBe('{"ran":4}')
    await store.close()
  })

  test('after 24 hours the key is free again', async () => {
    const store = await open()
    const { once } = createIdempotency(store)
    const work = numbered()
    await once(request(), work)
    const later = 1_000_000 + keptMs
    expect(bodyOf(await once(request({ now: later, body: '[]' }), work))).toBe('{"ran":2}')
    expect(bodyOf(await once(request({ now: later, body: '[]' }), work))).toBe('{"ran":2}')
    await store.close()
  })

  test('duplicates that come meanwhile wait for the first', async () => {
    const store = await open()
    const { once } = createIdempotency(store)
    const work = numbered()
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () => once(request(), work)),
      once(request({ body: '[]' }), work),
    ])
    expect(answers.map(bodyOf)).toEqual([...Array<string>(5).fill('{"ran":1}'), 'reused'])
    await store.close()
  })

  test('a failure is told to those that waited and not kept; a refusal is kept', async () => {
    const store = await open()
    const { once } = createIdempotency(store)
    const failing = () => Promise.reject(new Error('broken'))
    const both = await Promise.allSettled([once(request(), failing), once(request(), failing)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(bodyOf(await once(request(), numbered(503)))).toBe('{"ran":1}')
    const refused = numbered(409)
    await once(request(), refused)
    expect(bodyOf(await once(request(), refused))).toBe('{"ran":1}')
    await store.close()
  })

  test('an erased person leaves no answer', async () => {
    const store = await open()
    const { once, forget } = createIdempotency(store)
    const work = numbered()
    await once(request(), work)
    await once(request({ key: 'other', subjects: [InvestorId.parse('j')] }), work)
    await forget(FirmId.parse('f'), InvestorId.parse('i'))
    expect(bodyOf(await once(request(), work))).toBe('{"ran":3}')
    expect(bodyOf(await once(request({ key: 'other', subjects: [InvestorId.parse('j')] }), work))).toBe('{"ran":2}')
    await store.close()
  })

  test('an answer about several persons goes with the first who is erased', async () => {
    const store = await open()
    const { once, forget } = createIdempotency(store)
    const work = numbered()
    const both = request({ subjects: ['i', 'j', 'i'].map((id) => InvestorId.parse(id)) })
    await once(both, work)
    await forget(FirmId.parse('f'), InvestorId.parse('j'))
    expect(bodyOf(await once(both, work))).toBe('{"ran":2}')
    await forget(FirmId.parse('f'), InvestorId.parse('i'))
    expect(bodyOf(await once(both, work))).toBe('{"ran":3}')
    await store.close()
  })

  test('an answer that is under way when its person is erased is waited for, and not kept', async () => {
    const store = await open()
    const { once, forget } = createIdempotency(store)
    const work = numbered()
    const slow = once(request(), async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      return work()
    })
    await forget(FirmId.parse('f'), InvestorId.parse('i'))
    expect(bodyOf(await slow)).toBe('{"ran":1}')
    expect(bodyOf(await once(request(), work))).toBe('{"ran":2}')
    await store.close()
  })
})

test('memory is bounded: the oldest answers go first', async () => {
  const { once } = createIdempotency(memoryIdempotency(2))
  const work = numbered()
  for (const key of ['a', 'b', 'c']) await once(request({ key }), work)
  expect(bodyOf(await once(request({ key: 'c' }), work))).toBe('{"ran":3}')
  expect(bodyOf(await once(request({ key: 'a' }), work))).toBe('{"ran":4}')
})

test('lmdb outlives the process, and takes out what has expired', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'aptus.idempotency-'))
  dirs.push(dir)
  const first = createIdempotency(lmdbIdempotency(await openForgettingLmdb(dir)))
  await first.once(request(), numbered())
  await first.close()
  const database = await openForgettingLmdb(dir)
  const second = createIdempotency(lmdbIdempotency(database))
  expect(bodyOf(await second.once(request(), numbered(500)))).toBe('{"ran":1}')
  const later = 1_000_000 + keptMs
  await second.once(request({ key: 'l', now: later }), numbered())
  expect([...database.entries()].map(({ key }) => key.slice(0, 2))).toEqual(['a:', 's:', 't:'])
  await second.close()
})
