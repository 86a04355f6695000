import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRecordFile } from './recordFile.js'
import { nodeDisk } from './segmentDisk.js'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'record-file-'))
})
afterEach(() => rm(dir, { recursive: true }))

const path = (): string => join(dir, 'records')
const record = (number: number): Buffer => Buffer.from(String(number).padStart(8, '0'))
const whole = (count: number): string => Array.from({ length: count }, (_, number) => record(number)).join('')

test('records read alike while they wait, while they are written and when they are on the disk', async () => {
  const file = await openRecordFile(path(), 8)
  const reads: Promise<unknown>[] = []
  for (let number = 0; number < 10_000; number++) {
    file.push(record(number))
    if (number % 97 === 0) {
      reads.push(file.read(number).then((found) => expect(found).toEqual(record(number))))
      await Promise.resolve()
    }
    if (number % 1000 === 0) reads.push(file.flush())
  }
  await Promise.all(reads)
  expect(file.count()).toBe(10_000)
  await file.sync()
  for (const number of [0, 4095, 4096, 9999]) expect(await file.read(number)).toEqual(record(number))
  await expect(file.read(10_000)).rejects.toThrow('none of number 10000')
  await file.close()
  expect(await readFile(path(), 'latin1')).toBe(whole(10_000))
})

test('half a record at the end is none, and is written over', async () => {
  await appendFile(path(), `${whole(3)}0000`)
  const file = await openRecordFile(path(), 8)
  expect(file.count()).toBe(3)
  file.push(record(3))
  await file.close()
  expect(await readFile(path(), 'latin1')).toBe(whole(4))
})

test('cut to fewer records, it goes on behind them', async () => {
  await appendFile(path(), whole(9))
  const file = await openRecordFile(path(), 8)
  await file.cutTo(2)
  file.push(record(2))
  expect(await file.read(2)).toEqual(record(2))
  await file.close()
  expect(await readFile(path(), 'latin1')).toBe(whole(3))
})

test('after a failed write everything but reading what is on the disk rejects', async () => {
  let broken = false
  const disk = {
    ...nodeDisk,
    write: (...given: Parameters<typeof nodeDisk.write>) =>
      broken ? Promise.reject(new Error('injected')) : nodeDisk.write(...given),
  }
  const file = await openRecordFile(path(), 8, disk)
  file.push(record(0))
  await file.flush()
  broken = true
  file.push(record(1))
  await expect(file.flush()).rejects.toThrow('injected')
  broken = false
  expect(() => file.push(record(2))).toThrow('injected')
  await expect(file.sync()).rejects.toThrow('injected')
  expect(await file.read(0)).toEqual(record(0))
  await expect(file.close()).rejects.toThrow('injected')
})
