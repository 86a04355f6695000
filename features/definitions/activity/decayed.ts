import { type DecayedFacts, halfLife } from '../activityFacts.js'
import { type Feature } from '../feature.js'
import { type KindGroup, kindGroups } from '../product/kindGroup.js'

const kinds = ['viewed', 'purchased'] as const
type Kind = (typeof kinds)[number]

const common = {
  version: 1,
  entity: 'activity',
  validDays: null,
  owner: 'recommendation',
  reads: ['investor.daily', 'catalogue.kind', 'catalogue.companyId', 'catalogue.rating.level'],
} as const

const affinity = (kind: Kind, group: KindGroup, column: number): Feature<'activity'> => ({
  ...common,
  name: `${kind}_${group.replaceAll('-', '_')}`,
  type: 'number',
  unit: kind === 'viewed' ? 'views' : 'purchases',
  default: 0,
  meaning: `How often he ${kind} products of the group ${group}, each time halved for every ${halfLife[kind]} days of its age.`,
  value: ({ activity }) => activity.decayed[kind].byGroup[column] ?? null,
})

const ofKind = (
  kind: Kind,
  name: string,
  meaning: string,
  field: 'topCompanyShare' | 'meanLevel',
): Feature<'activity'> => ({
  ...common,
  name: `${kind}_${name}`,
  type: field === 'meanLevel' ? 'number' : 'ratio',
  unit: field === 'meanLevel' ? 'level' : 'share',
  default: null,
  meaning,
  value: ({ activity }) => (activity.decayed[kind] satisfies DecayedFacts)[field],
})

/** A column a group of product kinds, of views and of purchases. */
export const affinities: readonly Feature<'activity'>[] = kinds.flatMap((kind) =>
  kindGroups.map((group, column) => affinity(kind, group, column)),
)

export const topCompanyShares: readonly Feature<'activity'>[] = kinds.map((kind) =>
  ofKind(
    kind,
    'top_company_share',
    `Share of the fund company that he ${kind} most, by decayed counts.`,
    'topCompanyShare',
  ),
)

export const meanLevels: readonly Feature<'activity'>[] = kinds.map((kind) =>
  ofKind(kind, 'mean_level', `Mean risk level of the products that he ${kind}, by decayed counts.`, 'meanLevel'),
)
