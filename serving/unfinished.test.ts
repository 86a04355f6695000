import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isEmpty } from './home.js'
import { beginSetUp, endSetUp } from './unfinished.js'

const inFolder = async (work: (dir: string) => Promise<void>): Promise<void> => {
  const dir = await mkdtemp(join(tmpdir(), 'unfinished-'))
  try {
    await work(dir)
  } finally {
    await rm(dir, { recursive: true })
  }
}

test('an absent directory is made and set up; what was cut short is cleared and begun again', () =>
  inFolder(async (parent) => {
    const dir = join(parent, 'data')
    expect(await beginSetUp(dir)).toBe(true)
    await mkdir(join(dir, 'runs', 'half'), { recursive: true })
    await writeFile(join(dir, 'keys.json'), '{}')
    expect(await beginSetUp(dir)).toBe(true)
    expect(await readdir(dir)).toHaveLength(1)
    await endSetUp(dir)
    expect(await isEmpty(dir)).toBe(true)
  }))

test('a directory that was set up, and one of somebody else, are left alone', () =>
  inFolder(async (dir) => {
    await writeFile(join(dir, 'letter.txt'), 'mine')
    expect(await beginSetUp(dir)).toBe(false)
    expect(await readdir(dir)).toEqual(['letter.txt'])
  }))
