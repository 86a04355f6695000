import { BreakerOpen, DeadlinePassed, type Failure, guard, type Guarded } from './guard.js'

class Fault extends Error {
  constructor(readonly failure: Failure) {
    super(failure)
  }
}
const failureOf = (error: unknown): Failure => (error instanceof Fault ? error.failure : 'silent')
const limits = { failuresToOpen: 2, openMs: 1_000 }
const read = { deadlineMs: 250, repeatable: true }
const write = { deadlineMs: 250, repeatable: false }

/** A clock that goes on only where somebody sleeps, and chance that always draws the longest wait. */
const stopped = (draw = 0.999_999) => {
  const at = { now: 0 }
  const waits: number[] = []
  const sleep = (ms: number): Promise<void> => {
    waits.push(Math.round(ms))
    at.now += ms
    return Promise.resolve()
  }
  return { at, waits, surroundings: { now: () => at.now, random: () => draw, sleep } }
}

test('a read is asked again after waits that double up to a limit, within its deadline', async () => {
  const { waits, surroundings, at } = stopped()
  let asked = 0
  const failing = guard(
    limits,
    failureOf,
    surroundings,
  )(() => {
    asked += 1
    return Promise.reject(new Fault('silent'))
  }, read)
  await expect(failing).rejects.toThrow('silent')
  expect(waits).toEqual([10, 20, 40, 80])
  expect([asked, at.now <= 250]).toEqual([5, true])
})

test('waits are drawn anew: from none at all', async () => {
  const { waits, surroundings } = stopped(0)
  let asked = 0
  const answer = guard(
    limits,
    failureOf,
    surroundings,
  )(() => {
    asked += 1
    return asked < 4 ? Promise.reject(new Fault('silent')) : Promise.resolve('value')
  }, read)
  expect([await answer, waits]).toEqual(['value', [0, 0, 0]])
})

test.each<{ failure: Failure; options: Guarded; asked: number }>([
  { failure: 'answered', options: read, asked: 1 },
  { failure: 'silent', options: write, asked: 1 },
  { failure: 'unsent', options: write, asked: 5 },
  { failure: 'unsent', options: { ...write, unsentMs: 50 }, asked: 3 },
])('$failure: asked $asked times', async ({ failure, options, asked }) => {
  let times = 0
  const failing = guard(
    limits,
    failureOf,
    stopped().surroundings,
  )(() => {
    times += 1
    return Promise.reject(new Fault(failure))
  }, options)
  await expect(failing).rejects.toThrow(failure)
  expect(times).toBe(asked)
})

test('a server that never answers holds a call for its deadline and no longer', async () => {
  const call = guard(limits, failureOf)
  const began = performance.now()
  await expect(call(() => new Promise(() => undefined), { deadlineMs: 30, repeatable: true })).rejects.toThrow(
    DeadlinePassed,
  )
  expect(performance.now() - began).toBeGreaterThanOrEqual(29)
})

test('an answer that came while this process was busy is no failure', async () => {
  const answer = guard(limits, failureOf)(
    async () => {
      const arrived = new Promise((done) => setImmediate(() => done('value')))
      const until = performance.now() + 60
      while (performance.now() < until);
      return arrived
    },
    { deadlineMs: 20, repeatable: false },
  )
  expect(await answer).toBe('value')
})

test('after failed calls in a row nothing is asked; then one call is, and its success lets all through', async () => {
  const { at, surroundings } = stopped()
  const call = guard(limits, failureOf, surroundings)
  let asked = 0
  const failing = (): Promise<string> => {
    asked += 1
    return Promise.reject(new Fault('silent'))
  }
  await expect(call(failing, write)).rejects.toThrow('silent')
  await expect(call(failing, write)).rejects.toThrow('silent')
  await expect(call(failing, write)).rejects.toThrow(BreakerOpen)
  expect(asked).toBe(2)
  at.now += 1_000
  const probe = call(() => Promise.resolve('value'), write)
  await expect(call(failing, write)).rejects.toThrow(BreakerOpen)
  expect(await probe).toBe('value')
  expect(await call(() => Promise.resolve('again'), write)).toBe('again')
})

test('a refusal is an answer: it counts as none, and closes', async () => {
  const { surroundings } = stopped()
  const call = guard(limits, failureOf, surroundings)
  for (const failure of ['silent', 'answered', 'silent', 'answered', 'silent'] as const)
    await expect(call(() => Promise.reject(new Fault(failure)), write)).rejects.toThrow(failure)
})
