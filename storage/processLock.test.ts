import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockDirectory, lockName } from './processLock.js'

const inFolder = async (work: (dir: string) => Promise<void>): Promise<void> => {
  const dir = await mkdtemp(join(tmpdir(), 'lock-'))
  try {
    await work(dir)
  } finally {
    await rm(dir, { recursive: true })
  }
}
const ownedBy = (dir: string, owner: object): Promise<void> => writeFile(join(dir, lockName), JSON.stringify(owner))

test('one at a time; what was released can be taken again', () =>
  inFolder(async (dir) => {
    const unlock = await lockDirectory(dir)
    await expect(lockDirectory(dir)).rejects.toMatchObject({ code: 'held' })
    await unlock()
    await (
      await lockDirectory(dir)
    )()
    expect(existsSync(join(dir, lockName))).toBe(false)
  }))

test.each([
  ['a pid that nobody has', { pid: 2 ** 22 + 1, host: hostname(), startedAt: null }],
  ['a pid that was given to another since', { pid: process.pid, host: hostname(), startedAt: '1' }],
])('%s does not hold it', (_, owner) =>
  inFolder(async (dir) => {
    await ownedBy(dir, owner)
    await (
      await lockDirectory(dir)
    )()
  }),
)

test('another host is never judged', () =>
  inFolder(async (dir) => {
    await ownedBy(dir, { pid: 2 ** 22 + 1, host: 'elsewhere', startedAt: null })
    await expect(lockDirectory(dir)).rejects.toMatchObject({ code: 'held' })
  }))

const started = (stat: string): string | undefined => stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
const hasProc = existsSync('/proc/self/stat')
if (!hasProc) console.warn('skipped: the test of an ended process that nobody waited for; it needs /proc')

;(hasProc ? test : test.skip)('a killed process that its parent has not asked for does not hold it', () =>
  inFolder(async (dir) => {
    // The shell becomes a sleep, which never asks for its ended child.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const pid = await new Promise<number>((done) => parent.stdout.once('data', (text) => done(Number(String(text)))))
      const startedAt = started(await readFile(`/proc/${pid}/stat`, 'latin1'))
      await ownedBy(dir, { pid, host: hostname(), startedAt })
      await expect(lockDirectory(dir)).rejects.toMatchObject({ code: 'held' })
      process.kill(pid, 'SIGKILL')
      while (!(await readFile(`/proc/${pid}/stat`, 'latin1')).includes(') Z'))
        await new Promise((go) => setTimeout(go, 5))
      await (
        await lockDirectory(dir)
      )()
    } finally {
      parent.kill('SIGKILL')
    }
  }),
)
