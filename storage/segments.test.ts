import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeDisk, type SegmentDisk } from './segmentDisk.js'
import { headerLength, headLength } from './segmentFormat.js'
import { openSegments, type SegmentOptions, type Segments } from './segments.js'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'segments-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const record = (n: number): Buffer => Buffer.from(`record ${n} ${'x'.repeat(n % 40)}`)
const path = (name: string): string => join(dir, name)
const within = async <T>(work: (log: Segments) => Promise<T>, options?: SegmentOptions): Promise<T> => {
  const log = await openSegments(dir, options)
  try {
    return await work(log)
  } finally {
    await log.close()
  }
}
/** One group a record. */
const fill = (n: number, options?: SegmentOptions) =>
  within(async (log) => {
    for (let i = 0; i < n; i++) await log.append(record(log.committed().count))
  }, options)
const all = (log: Segments, from = 0) =>
  (async () => {
    const found: string[] = []
    for await (const { index, bytes } of log.iterate(from)) found.push(`${index}:${Buffer.from(bytes).toString()}`)
    return found
  })()
const wanted = (n: number, from = 0) =>
  Array.from({ length: n - from }, (_, i) => `${i + from}:${record(i + from).toString()}`)

test('concurrent appends resolve in order, in one group, and survive a reopening over many segments', async () => {
  const order: number[] = []
  await within(
    async (log) => {
      await Promise.all(Array.from({ length: 50 }, (_, i) => log.append(record(i)).then((index) => order.push(index))))
      expect(await all(log)).toEqual(wanted(50))
    },
    { rotateBytes: 500, groupBytes: 300 },
  )
  expect(order).toEqual(Array.from({ length: 50 }, (_, i) => i))
  expect((await readdir(dir)).length).toBeGreaterThan(3)
  await within(async (log) => {
    expect(log.committed().count).toBe(50)
    expect(log.cut).toBeNull()
    expect(await all(log, 17)).toEqual(wanted(50, 17))
    for (const i of [49, 0, 23]) expect(Buffer.from(await log.read(i))).toEqual(record(i))
    await expect(log.read(50)).rejects.toMatchObject({ code: 'absent' })
    await expect(log.read(-1)).rejects.toMatchObject({ code: 'absent' })
  })
})

test('the chain does not depend on how appends were grouped', async () => {
  const one = await within(async (log) => {
    for (let i = 0; i < 9; i++) await log.append(record(i))
    return log.committed().chain.toString('hex')
  })
  await rm(dir, { recursive: true })
  const many = await within(async (log) => {
    await Promise.all(Array.from({ length: 9 }, (_, i) => log.append(record(i))))
    return log.committed().chain.toString('hex')
  })
  expect(many).toBe(one)
})

test.each([0, 1 << 24])('a record of %d bytes is refused, and the log goes on', (length) =>
  within(async (log) => {
    await expect(log.append(new Uint8Array(length))).rejects.toMatchObject({ code: 'bad-record' })
    expect(await log.append(record(0))).toBe(0)
  }),
)

test('a torn tail of every length is cut into a .torn file, with a word, and nothing before it is', async () => {
  await fill(3)
  const before = await readFile(path('00000001.seg'))
  await fill(1)
  const after = await readFile(path('00000001.seg'))
  for (let length = before.length + 1; length < after.length; length++) {
    await writeFile(path('00000001.seg'), after.subarray(0, length))
    await within(async (log) => {
      expect(log.cut).toMatchObject({ segment: '00000001.seg', offset: before.length, bytes: length - before.length })
      expect(log.cut?.words).toMatch(/bytes after the last commit marker .* were cut/)
      expect(await all(log)).toEqual(wanted(3))
      expect(await readFile(path(log.cut?.keptIn ?? ''))).toEqual(after.subarray(before.length, length))
      expect(await log.append(record(3))).toBe(3)
    })
    expect(await readFile(path('00000001.seg'))).toEqual(after)
  }
})

test('zeros behind the last marker, as a machine that lost power leaves them, are a torn tail', async () => {
  await fill(2)
  await writeFile(path('00000001.seg'), Buffer.concat([await readFile(path('00000001.seg')), Buffer.alloc(5000)]))
  await within(async (log) => {
    expect(log.cut?.bytes).toBe(5000)
    expect(await all(log)).toEqual(wanted(2))
  })
})

test('damage before the last marker refuses, changes nothing, and says segment, offset and what to do', async () => {
  await fill(4)
  const bytes = await readFile(path('00000001.seg'))
  for (let offset = 0; offset < bytes.length - headLength; offset++) {
    const flipped = Buffer.from(bytes)
    flipped[offset]! ^= 1 << (offset % 8)
    await writeFile(path('00000001.seg'), flipped)
    await expect(openSegments(dir)).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringMatching(/^00000001\.seg offset \d+, record \d+: .*aptus audit verify/) as string,
    })
    expect(await readFile(path('00000001.seg'))).toEqual(flipped)
  }
  expect((await readdir(dir)).filter((name) => name.endsWith('.torn'))).toEqual([])
})

test('a log shorter than the caller knows is refused before anything is cut', async () => {
  await fill(4)
  const bytes = await readFile(path('00000001.seg'))
  await truncate(path('00000001.seg'), bytes.length - 1)
  await expect(openSegments(dir, { atLeast: 4 })).rejects.toMatchObject({ code: 'shorter' })
  expect((await readFile(path('00000001.seg'))).length).toBe(bytes.length - 1)
})

test('a missing segment, and a sealed one that was cut, are refused', async () => {
  await fill(12, { rotateBytes: headerLength + 1 })
  const second = await readFile(path('00000002.seg'))
  await truncate(path('00000002.seg'), second.length - 7)
  await expect(openSegments(dir)).rejects.toMatchObject({ code: 'damaged' })
  await rm(path('00000002.seg'))
  await expect(openSegments(dir)).rejects.toMatchObject({ code: 'damaged' })
})

/** A disk whose datasync fails from the `from`-th call on. */
const failingDisk = (from: number, operation: 'write' | 'datasync'): SegmentDisk => {
  let calls = 0
  const failing =
    <A extends unknown[]>(work: (...given: A) => Promise<void>) =>
    (...given: A) =>
      ++calls >= from ? Promise.reject(Object.assign(new Error('injected'), { code: 'EIO' })) : work(...given)
  return { ...nodeDisk, [operation]: failing(nodeDisk[operation] as (...given: unknown[]) => Promise<void>) }
}

test.each(['write', 'datasync'] as const)(
  'after a failed %s nothing is answered until it is opened again',
  async (op) => {
    const disk = failingDisk(4, op)
    await within(
      async (log) => {
        const answers = []
        for (let i = 0; i < 4; i++)
          answers.push(await log.append(record(i)).catch((error: { code: string }) => error.code))
        expect(answers).toContain('failed')
        const answered = answers.filter((answer) => typeof answer === 'number').length
        await expect(log.append(record(9))).rejects.toMatchObject({ code: 'failed' })
        await Promise.all([1, 2, 3].map((n) => expect(log.append(record(n))).rejects.toMatchObject({ code: 'failed' })))
        expect(log.committed().count).toBe(answered)
      },
      { disk },
    )
    await within(async (log) => {
      const { count } = log.committed()
      expect(await all(log)).toEqual(wanted(count))
      expect(await log.append(record(count))).toBe(count)
    })
  },
)

test('one process holds the log; the lock is given up at close', async () => {
  await within(async () => {
    await expect(openSegments(dir)).rejects.toMatchObject({ code: 'held' })
  })
  await fill(1)
  expect((await readdir(dir)).filter((name) => name.startsWith('lock'))).toEqual([])
})

test('a dead process is taken over, and so is a living one with the pid of a dead one; another host is not', async () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  const takenOver = [{ pid: dead, host: hostname(), startedAt: '1' }]
  if (process.platform === 'linux') takenOver.push({ pid: process.pid, host: hostname(), startedAt: '1' })
  for (const owner of takenOver) {
    await writeFile(path('lock'), JSON.stringify(owner))
    await fill(1)
  }
  await writeFile(path('lock'), JSON.stringify({ pid: dead, host: 'elsewhere.example', startedAt: '1' }))
  await expect(openSegments(dir)).rejects.toMatchObject({ code: 'held' })
})

test('after close an append rejects', async () => {
  const log = await openSegments(dir)
  await log.close()
  await expect(log.append(record(0))).rejects.toMatchObject({ code: 'closed' })
})
