import { decide } from '../../../engine/decide.js'
import { type Decision } from '../../../engine/decision.js'
import { type Release } from '../../../engine/release.js'
import { type Pack } from '../../../engine/suitability/pack.js'
import { type Catalogue } from '../../../features/schema/catalogue.js'
import { type RiskLevel, type ProductKind } from '../../../features/schema/levels.js'
import { type InvestorSnapshot } from '../../../features/schema/records.js'
import { type Instant } from '../../../features/schema/time.js'
import { drawInvestors } from '../../../training/evaluation/heldOut.js'
import { type TrainingHome } from '../../trainingHome.js'
import { decidedOn, readFor } from '../../knownInvestor.js'
import { reasonInBrief } from './reasons.js'

/** What one investor would be shown. Nothing of him but his level and about how many products he bought. */
export type Sample = {
  readonly level: string
  readonly purchases: string
  /** Null where he is shown something. */
  readonly refusal: string | null
  readonly items: readonly {
    readonly name: string
    readonly kind: ProductKind
    readonly riskLevel: RiskLevel
    readonly reasons: readonly string[]
  }[]
}

const [slates, size, told] = [12, 10, 5]
/** Looked through for investors of every level. */
const [mostIds, mostRead] = [2000, 48]

/**
 * Slates of a dozen investors drawn by the seed, each level in turn, by the live pack, with gate and diversification; of
 * each the first five. Nothing is recorded. None where the pack is for evaluation alone.
 */
export async function samplesOf(
  home: TrainingHome,
  release: Release,
  catalogue: Catalogue,
  { at, seed }: { readonly at: Instant; readonly seed: number },
): Promise<Sample[]> {
  const pack = home.packs.all[0]
  if (pack.mode === 'evaluation') return []
  const ids = drawInvestors(await home.store.ids(mostIds), mostRead, seed)
  const known = (await home.store.getMany(ids)).flatMap((investor) => investor ?? [])
  const context = { mode: 'historical', scene: 'home', size, exclude: [] } as const
  return Promise.all(
    levelsInTurn(known).map(async (drawn) => {
      const found = (await whole(home, pack, drawn)) ?? drawn
      const investor = decidedOn(found, pack, catalogue, at)
      return sampleOf(investor, decide(release, catalogue, pack, investor, context, at, seed).decision, catalogue)
    }),
  )
}

const whole = ({ store }: TrainingHome, pack: Pack, { profile: { id } }: InvestorSnapshot) =>
  readFor({ snapshot: () => store.get(id), account: () => store.account(id) }, pack)

const levelOf = ({ profile }: InvestorSnapshot): string => profile.riskAssessment?.level ?? 'no level'

/** Of every level one, then a second, until there are enough; then by level. */
function levelsInTurn(investors: readonly InvestorSnapshot[]): InvestorSnapshot[] {
  const seen = new Map<string, number>()
  const turns = investors.map((investor) => {
    const turn = seen.get(levelOf(investor)) ?? 0
    seen.set(levelOf(investor), turn + 1)
    return { investor, turn }
  })
  const byLevel = (a: InvestorSnapshot, b: InvestorSnapshot): number =>
    levelOf(a) < levelOf(b) ? -1 : levelOf(a) > levelOf(b) ? 1 : 0
  return turns
    .sort((a, b) => a.turn - b.turn || byLevel(a.investor, b.investor))
    .slice(0, slates)
    .map(({ investor }) => investor)
    .sort((a, b) => byLevel(a, b) || a.behaviour.purchased.length - b.behaviour.purchased.length)
}

/** Rounded, so that it points to nobody. */
const aboutHowMany = (count: number): string =>
  count === 0
    ? 'nothing bought yet'
    : count < 5
      ? '1 to 4 products bought'
      : count < 20
        ? '5 to 19 bought'
        : '20 or more bought'

function sampleOf(investor: InvestorSnapshot, { outcome }: Decision, catalogue: Catalogue): Sample {
  const whom = { level: levelOf(investor), purchases: aboutHowMany(investor.behaviour.purchased.length) }
  if (outcome.kind === 'refusal') return { ...whom, refusal: outcome.refusal, items: [] }
  const items = outcome.slate.slice(0, told).flatMap(({ productId, riskLevel, reasons }) => {
    const product = catalogue.products[catalogue.ordinalOf.get(productId) ?? -1]
    if (product === undefined) return []
    const name = product.name.en ?? product.name['zh-CN']
    return [{ name, kind: product.kind, riskLevel, reasons: reasons.map(reasonInBrief) }]
  })
  return { ...whom, refusal: null, items }
}
