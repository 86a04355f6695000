import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InvestorId, ProductId } from '../features/schema/ids.js'
import { importCsv } from '../features/ingest/csv/importCsv.js'
import { type Home } from './home.js'
import { type Importer, importInto } from './intake.js'
import { defaultFirm } from './investorKey.js'
import { filesWith, type Installation, realInstallation, startOfTest } from '../tests/realService.js'

let installation: Installation
beforeEach(async () => {
  installation = await realInstallation()
})
afterEach(() => installation.destroy())

const investorsHeader =
  'id,risk_level,assessed_at,questionnaire_version,birth_date,objectives,horizon_months,consents_profiling,consents_personalisation'
const products = `id,company_id,company_name,name_zh_cn,kind,currency,risk_level,status,status_at,known_at
q1,c1,一号,产品一,bond,CNY,R2,open,2026-05-01T00:00:00Z,2026-05-01T00:00:00Z
q1,c1,一号,产品一,bond,CNY,R2,closed,2026-05-02T00:00:00Z,2026-05-02T00:00:00Z
`
const investors = (...ids: readonly string[]): string =>
  [investorsHeader, ...ids.map((id) => `${id},C3,2026-05-01T00:00:00Z,v1,,growth,24,true,true`), ''].join('\n')

const folderOf = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const dir = join(installation.root, 'files')
  await rm(dir, { recursive: true, force: true })
  await mkdir(dir)
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text)
  return dir
}
const withHome = async <T>(work: (home: Home) => Promise<T>): Promise<T> => {
  const home = await installation.open()
  try {
    return await work(home)
  } finally {
    await home.close()
  }
}
const into = async (home: Home, files: Readonly<Record<string, string>>, importer: Importer = importCsv) =>
  importInto(home, importer, { dir: await folderOf(files), strict: false, importedAt: startOfTest })
const crash = (): Promise<never> => Promise.reject(new Error('a crash here'))
const i6 = InvestorId.parse('i6')
/** What an import of q1 and i6 made visible: the catalogue's revision, q1's status, and who knows i6. */
const visible = async (home: Home) => {
  const { revision, products: all } = await home.catalogueLog.head()
  const [inHistory, inStore] = [await home.history.investorAsOf(i6, startOfTest + 1), await home.store.get(i6)]
  return [revision, all.find(({ id }) => id === 'q1')?.status ?? null, inHistory !== null, inStore !== null]
}
const nothing = [1, null, false, false]
const everything = [3, 'closed', true, true]
const whole = { 'products.csv': products, 'investors.csv': investors('i6') }
const imports = (): Promise<string[]> => readdir(join(installation.dir, 'imports'))

test('an import is in the catalogue, the history and the store', () =>
  withHome(async (home) => {
    expect(await visible(home)).toEqual(nothing)
    const { kept, catalogueRevision } = await into(home, whole)
    expect([kept, catalogueRevision]).toEqual(['imports/0001-csv', 3])
    expect(await visible(home)).toEqual(everything)
    expect(await readdir(join(installation.dir, kept))).toEqual(['report.json'])
  }))

test.each([
  ['the catalogue cannot take the revisions', 'prepare'],
  ['the history cannot be committed', 'commit'],
] as const)('where %s, nothing is left of it', async (_, where) => {
  await withHome(async (home) => {
    const broken: Home =
      where === 'prepare'
        ? { ...home, catalogueLog: { ...home.catalogueLog, prepare: crash } }
        : {
            ...home,
            history: {
              ...home.history,
              begin: async (source) => {
                const batch = await home.history.begin(source)
                return { ...batch, commit: () => batch.abort().then(crash) }
              },
            },
          }
    await expect(into(broken, whole)).rejects.toThrow('a crash here')
    expect(await visible(home)).toEqual(nothing)
  })
  expect(await imports()).toEqual([])
  await withHome(async (home) => {
    expect(await visible(home)).toEqual(nothing)
    await into(home, whole)
    expect(await visible(home)).toEqual(everything)
  })
})

test('a crash after the history was committed: the next opening takes in the catalogue too', async () => {
  await withHome(async (home) => {
    const broken = { ...home, catalogueLog: { ...home.catalogueLog, adopt: crash } }
    await expect(into(broken, whole)).rejects.toThrow('a crash here')
  })
  expect(await readdir(join(installation.dir, 'imports', '0001-csv'))).toContain('intent.json')
  await withHome(async (home) => expect(await visible(home)).toEqual(everything))
  expect(await readdir(join(installation.dir, 'imports', '0001-csv'))).toEqual(['report.json'])
})

test('a crash before the history was committed: the next opening clears what it left', async () => {
  await withHome(async (home) => {
    const dead = {
      ...home,
      history: {
        ...home.history,
        begin: async (source: string) => {
          const batch = await home.history.begin(source)
          return { ...batch, commit: () => new Promise<never>(() => undefined) }
        },
      },
    }
    void into(dead, whole)
    while (!(await imports()).includes('0001-csv')) await new Promise((resolve) => setTimeout(resolve, 5))
  })
  await withHome(async (home) => expect(await visible(home)).toEqual(nothing))
  expect(await imports()).toEqual([])
})

test('numbers go on after the largest, whichever was deleted', async () => {
  await mkdir(join(installation.dir, 'imports', '0007-csv'), { recursive: true })
  await withHome(async (home) => {
    expect((await into(home, { 'investors.csv': investors('i7') })).kept).toBe('imports/0008-csv')
    await rm(join(installation.dir, 'imports', '0007-csv'), { recursive: true })
    expect((await into(home, { 'investors.csv': investors('i8') })).kept).toBe('imports/0009-csv')
  })
})

test('an importer that calls a record known from after the import is refused, with nothing taken in', () =>
  withHome(async (home) => {
    const ahead: Importer = async (options, sink) => {
      await sink.products([], startOfTest + 1)
      return importCsv(options, sink)
    }
    await expect(into(home, whole, ahead)).rejects.toThrow('after this import')
    expect(await visible(home)).toEqual(nothing)
  }))

test('erasing a person takes his rejected lines too', async () => {
  const bad = ['bad-person,C9,,,1971-02-03,,,true,true', 'other-person,C9,,,1971-02-03,,,true,true', ''].join('\n')
  await withHome((home) => into(home, { 'investors.csv': `${investors('i6')}${bad}` }))
  const file = join(installation.dir, 'imports', '0001-csv', 'rejected.csv')
  await installation.serve(async (service) => {
    await service.eraseInvestor(defaultFirm, InvestorId.parse('bad-person'))
  })
  expect(await filesWith(installation.dir, 'bad-person')).toEqual([])
  expect(await readFile(file, 'utf8')).toContain('other-person')
})

test('NAVs come in with the rest, and a file that has one otherwise changes nothing of before', () =>
  withHome(async (home) => {
    const files = (nav: string) => ({
      'products.csv': products,
      'nav.csv': `product_id,date,nav\nq1,2026-05-01,${nav}\n`,
    })
    await into(home, files('1.5'))
    await into(home, files('1.6'))
    const q1 = ProductId.parse('q1')
    const navAt = async (asOf: number) => (await home.history.navFactsAsOf(q1, asOf))?.nav ?? null
    const midnight = Date.parse('2026-05-02T00:00:00Z')
    expect(await Promise.all([midnight, midnight + 1, startOfTest, startOfTest + 1].map(navAt))).toEqual([
      null,
      1.5,
      1.5,
      1.6,
    ])
  }))
