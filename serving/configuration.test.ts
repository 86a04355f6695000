import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { FirmId } from '../features/schema/ids.js'
import { openBlobs } from '../storage/blobs.js'
import { type Configuration, readConfiguration } from './configuration.js'
import { readFirmPacks } from './firmPacks.js'
import { openPacks } from './packs.js'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'firm-packs-'))
})
afterEach(() => rm(dir, { recursive: true }))

test('pairs of firm and file, in their order', () => {
  const { packs, faults } = readFirmPacks('a=./examples/firm-pack/firm.yaml, b=examples/firm-pack/firm.yaml')
  expect(faults).toEqual([])
  expect(packs.map(({ firmId }) => firmId)).toEqual(['a', 'b'])
  expect(new Set(packs.map(({ file }) => file))).toEqual(new Set([resolve('examples/firm-pack/firm.yaml')]))
})

test.each([
  ['', '"": want FIRM=PACK'],
  ['firm-a', '"firm-a": want FIRM=PACK'],
  ['firm-a=', 'want FIRM=PACK'],
  ['a/b=cn-2026', '"a/b" is no firm id'],
  ['=cn-2026', '"" is no firm id'],
  ['a=no-such-pack', 'there is no pack "no-such-pack"'],
  ['a=./no-such.yaml', 'there is no file "./no-such.yaml"'],
  ['a=./examples', 'there is no file "./examples"'],
  ['a=examples/firm-pack/firm.yaml,a=./examples/firm-pack/firm.yaml', 'the firm a is there twice'],
])('APTUS_FIRM_PACKS=%s is refused: %s', (text, fault) => {
  expect(readFirmPacks(text).faults.join()).toContain(fault)
})

const opened = async (yaml: string): Promise<string> => {
  const file = join(dir, 'firm.yaml')
  await writeFile(file, yaml)
  const configuration: Configuration = {
    port: 0,
    host: '127.0.0.1',
    redisUrl: null,
    packName: 'cn-2026',
    packFile: resolve('packs/cn-2026.yaml'),
    firmPacks: [{ firmId: FirmId.parse('a'), source: './firm.yaml', file }],
    questionnaires: resolve('questionnaires'),
  }
  return openPacks(configuration, openBlobs(join(dir, 'blobs'))).then(
    () => 'opened',
    (error: Error) => error.message,
  )
}
const head = 'id: own\nversion: 1\ntitle: { zh-CN: x, en: x }\nrules: []\n'

test.each([
  ['no pack at all', 'hello', /firm\.yaml line 1, column 1/],
  [
    'a pack that is not there',
    `${head}extends: mars-1999\n`,
    /firm\.yaml line 5, column 10: there is no pack mars-1999 in packs\//,
  ],
  ['a pack for evaluation', `${head}extends: eval-open\n`, /offline evaluation alone/],
  [
    'a longer term',
    `${head}extends: cn-2026\nterms: { navTradingDays: 11 }\n`,
    /firm\.yaml line 6, column 26: navTradingDays of 11 is looser/,
  ],
])('a file with %s stops the start', async (_, yaml, message) => {
  expect(await opened(yaml)).toMatch(message)
})

test('a whole pack in the place of a firm’s own would replace the shipped rules, and stops the start', async () => {
  expect(await opened(await readFile('packs/cn-2026.yaml', 'utf8'))).toContain('extends no pack')
  expect(await opened(`${head}extends: cn-2026\n`)).toBe('opened')
})

test('questionnaires lie in the shipped folder, or in one that is there', () => {
  expect(readConfiguration({}).questionnaires).toMatch(/questionnaires/)
  expect(readConfiguration({ APTUS_QUESTIONNAIRES: 'packs' }).questionnaires).toBe(resolve('packs'))
  expect(() => readConfiguration({ APTUS_QUESTIONNAIRES: 'no-such' })).toThrow('APTUS_QUESTIONNAIRES: there is no such')
})

test.each([
  [{ APTUS_REDIS_URL: 'redis+cluster://a:1,b:2', APTUS_REDIS_DEADLINE_MS: '40' }, { limits: { readMs: 40 } }],
  [{ APTUS_REDIS_TTL_DAYS: '2' }, { limits: { readMs: 250 }, ttlMs: 172_800_000 }],
  [{ APTUS_REDIS_VECTORS: 'on' }, { limits: { readMs: 250 }, vectors: true }],
  [
    { APTUS_EVENTS: 'stream', APTUS_REDIS_URL: 'redis://a:1', APTUS_REDIS_CACHE: '0' },
    { limits: { readMs: 250 }, streamed: true },
  ],
  [{ APTUS_REDIS_CACHE: '10' }, { limits: { readMs: 250 }, cache: { entries: 10, maxAgeMs: 1_000 } }],
])('redis by %j', (env: NodeJS.ProcessEnv, redis) => {
  expect(readConfiguration(env)).toMatchObject({ redisUrl: env['APTUS_REDIS_URL'] ?? null, redis })
})

test.each([
  { APTUS_REDIS_URL: 'http://a:1' },
  { APTUS_REDIS_DEADLINE_MS: '0' },
  { APTUS_REDIS_TTL_DAYS: '0' },
  { APTUS_REDIS_CACHE: '-1' },
  { APTUS_REDIS_VECTORS: 'yes' },
  { APTUS_EVENTS: 'queue' },
  { APTUS_EVENTS: 'stream' },
  { APTUS_EVENTS: 'stream', APTUS_REDIS_URL: 'redis+cluster://a:1,b:2' },
  { APTUS_EVENTS: 'stream', APTUS_REDIS_URL: 'redis://a:1', APTUS_REDIS_TTL_DAYS: '2' },
  { APTUS_EVENTS: 'stream', APTUS_REDIS_URL: 'redis://a:1', APTUS_REDIS_CACHE: '10' },
])('%j is refused by name', (env) => {
  expect(() => readConfiguration(env)).toThrow(Object.keys(env)[0])
})
