import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type ExposureFault } from '../audit/exposures.js'
import { openRecord, type Record } from '../audit/record.js'
import { defaultFirm } from '../serving/investorKey.js'
import { InvestorId } from '../features/schema/ids.js'
import { type Investor } from '../features/schema/investor.js'
import { type Product } from '../features/schema/product.js'
import { dateOfDayNumber, type Instant } from '../features/schema/time.js'
import { type Configuration } from '../serving/configuration.js'
import { createService, type Disagreement } from '../serving/createService.js'
import { folders, type Home, openHome } from '../serving/home.js'
import { type Recommended, type Service, type UnknownInvestor } from '../serving/service.js'
import { type SegmentDisk } from '../storage/segmentDisk.js'
import { product } from './sampleRecords.js'
import { randomModel } from './randomRelease.js'

const dayMs = 86_400_000
export const startOfTest = Date.parse('2026-05-08T15:00:00Z')

const configuration: Configuration = {
  port: 0,
  host: '127.0.0.1',
  redisUrl: null,
  packName: 'cn-2026',
  packFile: resolve('packs/cn-2026.yaml'),
  firmPacks: [],
  questionnaires: resolve('questionnaires'),
}

/** A product that every rule permits to `fitInvestor`. */
export const fitProduct = (id: string, changes: Partial<Product> = {}): Product =>
  product(id, {
    kind: 'bond',
    complexity: 'simple',
    status: 'open',
    statusAt: startOfTest - dayMs,
    rating: {
      level: 'R2',
      basis: 'declared',
      ratedAt: startOfTest - dayMs,
      volatilityBps: null,
      volatilitySource: null,
      observations: 0,
    },
    targetMarket: { objectives: ['growth'], minHorizonMonths: 6 },
    facts: {
      navDate: dateOfDayNumber(Math.floor(startOfTest / dayMs) - 1),
      navMicros: 1_000_000,
      return1mBps: null,
      return3mBps: null,
      return6mBps: null,
      return12mBps: null,
      volatilityBps: null,
      maxDrawdownBps: null,
    },
    ...changes,
  })

export const fitInvestor = (id: string, changes: Partial<Investor> = {}): Investor => ({
  id: InvestorId.parse(id),
  investorClass: 'ordinary',
  riskAssessment: {
    level: 'C4',
    assessedAt: startOfTest - dayMs,
    questionnaireVersion: `questionnaire-of-${id}`,
    basis: 'questionnaire',
    lacksFullCapacity: false,
    acceptsNoLoss: false,
  },
  assessments: [startOfTest - dayMs],
  birthDate: '1980-01-01',
  objectives: ['growth'],
  horizonMonths: 36,
  lossCapacityBps: null,
  knowledge: {},
  assetBand: null,
  incomeBand: null,
  sustainability: 'none',
  finances: null,
  consents: { profiling: true, personalisation: true },
  ...changes,
})

export type Faults = {
  /** Puts something broken or slow in the home's place. */
  readonly home?: (home: Home) => Home
  readonly disk?: SegmentDisk
  readonly onUnrecorded?: (fault: ExposureFault) => void
  /** Given what the reference evaluator rejected, at the end; without it there must be nothing. */
  readonly onDisagreement?: (found: readonly Disagreement[]) => void
}
type Work<T> = (service: Service, home: Home, record: Record) => Promise<T>

/**
 * A data directory of five fit products and a release, and the service that users get over it. `serve` opens everything,
 * works, and closes it: two calls are two processes, of which the first may have died of a fault.
 */
export async function realInstallation(configured: Partial<Configuration> = {}) {
  const root = await mkdtemp(join(tmpdir(), 'real-service-'))
  const dir = join(root, 'data')
  const clock: { now: Instant } = { now: startOfTest }
  const products = ['P1', 'P2', 'P3', 'P4', 'P5'].map((id) => fitProduct(id))
  let used: Configuration = { ...configuration, ...configured }
  const open = (): Promise<Home> => openHome(dir, used)
  const home = await open()
  const catalogue = await home.catalogueLog.append(products, startOfTest - dayMs)
  await home.releases.activate(await home.releases.build(randomModel(products, 8, 1), catalogue, null))
  await home.close()

  const serve = async <T>(work: Work<T>, faults: Faults = {}): Promise<T> => {
    const opened = await open()
    const given = faults.home?.(opened) ?? opened
    const record = await openRecord(
      join(dir, folders.ledger),
      join(dir, folders.persons),
      faults.disk === undefined ? {} : { disk: faults.disk },
      opened.identifiers,
    )
    const disagreed: Disagreement[] = []
    const service = await createService({
      home: given,
      record,
      now: () => clock.now,
      onDisagreement: (found) => void disagreed.push(found),
      ...(faults.onUnrecorded === undefined ? {} : { onUnrecorded: faults.onUnrecorded }),
    })
    try {
      return await work(service, given, record)
    } finally {
      await service.close()
      if (faults.onDisagreement === undefined) expect(disagreed).toEqual([])
      else faults.onDisagreement(disagreed)
    }
  }
  return {
    ...{ root, dir, clock, products, open, serve, configuration: used },
    /** Of the openings from now on. */
    configure: (changes: Partial<Configuration>) => void (used = { ...configuration, ...changes }),
    destroy: () => rm(root, { recursive: true }),
  }
}

export type Installation = Awaited<ReturnType<typeof realInstallation>>

export const recommendTo = (service: Service, id: string, asOf?: Instant): Promise<Recommended | UnknownInvestor> =>
  service.recommend({
    firmId: defaultFirm,
    investorId: InvestorId.parse(id),
    size: 10,
    scene: 'home',
    exclude: [],
    ...(asOf === undefined ? {} : { asOf }),
  })

/** `unknown`, the refusal, or the products of the slate in the order of their ids. */
export function outcomeOf(given: Recommended | UnknownInvestor): string | readonly string[] {
  if ('unknownInvestor' in given) return 'unknown'
  const { outcome } = given.decision
  return outcome.kind === 'refusal' ? outcome.refusal : outcome.slate.map(({ productId }) => productId).sort()
}

/** The files below a directory that hold a text. */
export async function filesWith(dir: string, text: string): Promise<readonly string[]> {
  const files = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((file) => file.isFile())
  const paths = files.map((file) => join(file.parentPath, file.name))
  const held = await Promise.all(paths.map(async (path) => (await readFile(path)).includes(text)))
  return paths.filter((_, place) => held[place])
}
