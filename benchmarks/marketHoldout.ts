import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { decide } from '../engine/decide.js'
import { encodeArtifact } from '../engine/model/artifact.js'
import { type Pack } from '../engine/suitability/pack.js'
import { noBehaviour } from '../features/schema/behaviour.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type InvestorId, type ProductId } from '../features/schema/ids.js'
import { type InvestorSnapshot } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { readConfiguration } from '../serving/configuration.js'
import { type Home, openHome } from '../serving/home.js'
import { importInto } from '../serving/intake.js'
import { fitOn } from '../serving/retrain.js'
import { simulationImporter } from '../serving/simulated.js'
import { type SimulationOptions } from '../simulation/options.js'
import { unknownProfile } from '../training/examples.js'
import { cutOf, purchasesFrom, releaseInMemory } from '../training/holdout.js'
import { ndcg } from '../training/metrics/ndcg.js'
import { type ModelConfig } from '../training/models/config.js'

/** All markets end on one day, so that a seed names the same market whenever it is run. */
export const endDay = '2026-05-08'
const asOf = Date.parse('2026-05-08T15:00:00Z')
const k = 10

/** Seen from the root of the repository, where benchmarks and tests run. */
export const packFile = (name: string): string => join('packs', `${name}.yaml`)

/** One investor of a holdout under one rule pack; nDCG@10 by the name of the model. */
export type Score = {
  readonly pack: string
  /** Purchases known before the cut, repeats counted. */
  readonly purchases: number
  /** The rules permitted nothing, or nothing was known of him: the slate was empty, for every model. */
  readonly refused: boolean
  readonly ndcg: Readonly<Record<string, number>>
}

type Held = {
  readonly cut: Instant
  readonly catalogue: Catalogue
  readonly investors: readonly { readonly snapshot: InvestorSnapshot; readonly bought: ReadonlySet<ProductId> }[]
}

/**
 * Simulates a market into a directory of its own, trains each model on what was known before the latest tenth of the
 * purchases, and scores its slates by `decide` against what was newly bought from then on. Profile, behaviour and
 * catalogue are those known at the cut. Throws an Error where the market has too few purchases for a holdout.
 */
export function marketHoldout(
  market: Omit<SimulationOptions, 'endDay'>,
  configs: Readonly<Record<string, ModelConfig>>,
  packs: readonly Pack[],
): Promise<Score[]> {
  return inHome(async (home) => {
    await importInto(home, simulationImporter({ ...market, endDay }), { dir: '.', strict: true, importedAt: asOf })
    const held = await heldOut(home)
    const slates = new Map<string, Slates>()
    for (const [name, config] of Object.entries(configs))
      slates.set(name, await slatesOf(home, held, config, packs, market.seed))
    return packs.flatMap((pack) => scores(held, pack, slates))
  })
}

async function inHome<T>(use: (home: Home) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'aptus-market-'))
  const home = await openHome(dir, {
    ...readConfiguration({}),
    packFile: packFile('cn-2026'),
    questionnaires: resolve('questionnaires'),
  })
  try {
    return await use(home)
  } finally {
    await home.close()
    await rm(dir, { recursive: true, force: true })
  }
}

async function heldOut({ history, catalogueLog }: Home): Promise<Held> {
  const recorded = await history.interactions(asOf)
  const cut = cutOf(recorded)
  if (cut === null) throw new Error('the market has too few purchases to hold any out: simulate a larger one')
  const catalogue = await catalogueLog.asOf(null, cut)
  const bought = purchasesFrom(recorded, cut, catalogue)
  const snapshots = new Map<InvestorId, InvestorSnapshot>()
  for await (const batch of history.snapshotsAsOf(cut))
    for (const snapshot of batch) if (bought.has(snapshot.profile.id)) snapshots.set(snapshot.profile.id, snapshot)
  const snapshotOf = (id: InvestorId): InvestorSnapshot =>
    snapshots.get(id) ?? { profile: unknownProfile(id), knownAt: cut - 1, behaviour: noBehaviour }
  return {
    cut,
    catalogue,
    investors: Array.from(bought, ([id, products]) => ({ snapshot: snapshotOf(id), bought: products })),
  }
}

/** By pack and place of the investor, what a model shows. */
type Slates = ReadonlyMap<Pack, readonly (readonly ProductId[])[]>

async function slatesOf(
  home: Home,
  { cut, catalogue, investors }: Held,
  config: ModelConfig,
  packs: readonly Pack[],
  seed: number,
): Promise<Slates> {
  const recorded = await home.history.interactions(cut)
  const { artifact } = await fitOn(home, config, { catalogue, recorded, asOf: cut }, seed)
  const release = releaseInMemory(encodeArtifact(artifact), catalogue)
  const context = { mode: 'evaluation', scene: 'home', size: k, exclude: [] } as const
  const show = (pack: Pack, snapshot: InvestorSnapshot): readonly ProductId[] => {
    const { decision, disagreements } = decide(release, catalogue, pack, snapshot, context, cut, seed)
    if (disagreements.length > 0) throw new Error(`pack ${pack.id}: compiled rules and reference evaluator disagree`)
    return decision.outcome.kind === 'refusal' ? [] : decision.outcome.slate.map(({ productId }) => productId)
  }
  return new Map(packs.map((pack) => [pack, investors.map(({ snapshot }) => show(pack, snapshot))]))
}

const scores = ({ investors }: Held, pack: Pack, slates: ReadonlyMap<string, Slates>): Score[] =>
  investors.map(({ snapshot, bought }, place) => {
    const shown = Array.from(slates, ([name, of]) => [name, of.get(pack)?.[place] ?? []] as const)
    return {
      pack: pack.id,
      purchases: snapshot.behaviour.purchased.reduce((sum, { count }) => sum + count, 0),
      refused: shown.every(([, slate]) => slate.length === 0),
      ndcg: Object.fromEntries(shown.map(([name, slate]) => [name, ndcg(slate, bought, k)])),
    }
  })
