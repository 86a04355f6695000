import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openHome } from './home.js'
import { beginSetUp, endSetUp } from './unfinished.js'

let parent = ''
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'home-'))
})
afterEach(() => rm(parent, { recursive: true }))

const pack = (packName: string) => ({
  port: 0,
  host: '127.0.0.1',
  redisUrl: null,
  packName,
  packFile: resolve(`packs/${packName}.yaml`),
  firmPacks: [],
  questionnaires: resolve('questionnaires'),
})

test('a directory whose set-up was cut short is opened by the set-up alone', async () => {
  const dir = join(parent, 'data')
  await beginSetUp(dir)
  await expect(openHome(dir, pack('cn-2026'))).rejects.toThrow('aptus start')
  await (await openHome(dir, pack('cn-2026'), { settingUp: true })).close()
  await endSetUp(dir)
  await (await openHome(dir, pack('cn-2026'))).close()
})

test('a file in place of the directory, another format, a pack for evaluation: each is refused in words', async () => {
  const file = join(parent, 'file')
  await writeFile(file, '')
  const ofFile = await openHome(file, pack('cn-2026')).catch((error: Error) => error.message)
  expect(ofFile).toBe('the data directory is, or lies below, a file: name another with --data')
  await expect(openHome(parent, pack('cn-2026'))).rejects.toThrow('neither empty nor one of Aptus')
  await expect(openHome(join(parent, 'data'), pack('eval-open'))).rejects.toThrow('offline evaluation alone')
})
