import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'

/**
 * The rooms and what each may import, as in docs/architecture.md. A room not named here is a fault; so is an import
 * across an arrow that is not drawn. Tests may import what their room may, the room's own files and tests/.
 */
const arrows: Readonly<Record<string, readonly string[]>> = {
  storage: [],
  'features/schema': [],
  'features/definitions': ['features/schema'],
  'features/quality': ['features/schema', 'features/definitions'],
  'features/store': ['features/schema', 'features/definitions', 'storage'],
  'features/history': ['features/schema', 'features/definitions', 'storage'],
  'features/ingest': ['features/schema', 'features/definitions', 'features/quality', 'storage'],
  'features/stream': ['features/schema', 'features/definitions', 'storage'],
  simulation: ['features'],
  engine: ['features/schema', 'features/definitions'],
  training: ['features', 'engine', 'storage'],
  audit: ['features', 'engine', 'storage'],
  serving: ['storage', 'features', 'simulation', 'engine', 'training', 'audit'],
  cli: ['storage', 'features', 'simulation', 'engine', 'training', 'audit', 'serving'],
  benchmarks: ['storage', 'features', 'simulation', 'engine', 'training', 'audit', 'serving', 'cli'],
}

/** Packages that only these places may import: one technology, one room. */
const onlyIn: Readonly<Record<string, readonly string[]>> = {
  lmdb: ['storage', 'benchmarks/bareClients.ts'],
  ioredis: ['storage', 'benchmarks/bareClients.ts'],
  '@duckdb/node-api': ['storage'],
  express: ['serving', 'benchmarks/httpServer.ts'],
  'hnswlib-node': ['engine/retrieval/hnsw.ts'],
  '@bufbuild/cel': ['engine/suitability'],
  commander: ['cli'],
  'cli-progress': ['cli'],
  benchmark: ['benchmarks/suite.ts'],
  'ml-matrix': ['training', 'engine'],
}

/** The engine is given bytes, instants and seeds: no file system, no network, no clock. */
const forbiddenInEngine = /^node:(?!crypto$)/

const notCode = new Set([
  'node_modules',
  'dist',
  'data',
  'coverage',
  'docs',
  'packs',
  'examples',
  'tests',
  '.git',
  '.ci',
])

const sources = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return notCode.has(entry.name) ? [] : sources(path)
    return entry.name.endsWith('.ts') ? [normalize(path)] : []
  })

const files = sources('.').map((file) => file.split(sep).join('/'))
const isTest = (file: string): boolean => file.endsWith('.test.ts')
const roomOf = (file: string): string | undefined =>
  Object.keys(arrows)
    .filter((room) => file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0]

const importsOf = (file: string): string[] =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'"]*?from\s+['"]([^'"]+)['"]|(?:^|\n)import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? '')

const targetOf = (file: string, specifier: string): string => join(dirname(file), specifier).split(sep).join('/')
const within = (place: string, room: string): boolean => place === room || place.startsWith(`${room}/`)

test('there are sources to look at', () => expect(files.length).toBeGreaterThan(80))

test('every source lies in a room', () => {
  expect(files.filter((file) => file.includes('/') && roomOf(file) === undefined)).toEqual([])
})

test('no import goes against the arrows', () => {
  const wrong = files.flatMap((file) => {
    const room = roomOf(file)
    return importsOf(file)
      .filter((specifier) => specifier.startsWith('.') && room !== undefined)
      .map((specifier) => targetOf(file, specifier))
      .filter((target) => !within(target, room ?? ''))
      .filter((target) => !(arrows[room ?? ''] ?? []).some((allowed) => within(target, allowed)))
      .filter((target) => !(isTest(file) && (within(target, 'tests') || within(target, 'simulation'))))
      .map((target) => `${file} → ${target}`)
  })
  expect(wrong).toEqual([])
})

test('each technology is imported in its own room alone', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((specifier) => !specifier.startsWith('.') && !isTest(file))
      .filter((specifier) => onlyIn[specifier] !== undefined && !onlyIn[specifier].some((place) => within(file, place)))
      .map((specifier) => `${file} → ${specifier}`),
  )
  expect(wrong).toEqual([])
})

test('the engine touches neither files nor network', () => {
  const wrong = files
    .filter((file) => file.startsWith('engine/') && !isTest(file))
    .flatMap((file) =>
      importsOf(file)
        .filter((specifier) => forbiddenInEngine.test(specifier))
        .map((specifier) => `${file} → ${specifier}`),
    )
  expect(wrong).toEqual([])
})

test('no source outside of tests imports a test or its fixtures', () => {
  const wrong = files
    .filter((file) => !isTest(file))
    .flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.includes('.test.') || specifier.includes('/tests/'))
        .map((s) => `${file} → ${s}`),
    )
  expect(wrong).toEqual([])
})
