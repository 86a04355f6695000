import { type RedemptionTier } from '../../schema/product.js'

/**
 * A column of our CSV files: where its value stands in the schema's input, how its text becomes that value, and what
 * is told where the schema refuses it. An empty cell leaves the value out, so that the schema's default holds.
 */
export type Column = {
  readonly name: string
  readonly required: boolean
  /** Path in the schema's input. */
  readonly path: readonly string[]
  /** Text that cannot be read goes on as it is, and the schema refuses it. */
  readonly read: (text: string) => unknown
  /** The text of a value that is neither null nor empty, as `read` takes it. */
  readonly write: (value: unknown) => string
  readonly want: string
  /** Whether the value is a calendar day or an instant, which `shiftToMs` moves. */
  readonly time: boolean
}

type Reading = Pick<Column, 'read' | 'write' | 'want' | 'time'>

const asText = (value: unknown): string => String(value)
const plain = (want: string, read: Column['read'], write = asText): Reading => ({ read, write, want, time: false })
const asIs = (text: string): unknown => text

export const words = (want: string): Reading => plain(want, asIs)
export const oneOf = (values: readonly string[]): Reading => plain(`one of ${values.join(', ')}`, asIs)
export const wholeNumber = (want: string): Reading =>
  plain(want, (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : text))
export const decimal = (want: string): Reading => plain(want, Number)
export const yesOrNo: Reading = plain('true or false', (text) =>
  text === 'true' ? true : text === 'false' ? false : text,
)
export const day: Reading = { ...plain('a day such as 2026-05-08', asIs), time: true }
export const instant: Reading = { ...plain('an instant such as 2026-05-08T15:00:00Z', asIs), time: true }

const listed = (text: string): readonly string[] => text.split('|')
const joined = (values: unknown): string => (values as readonly string[]).join('|')

export const listOf = (values: readonly string[]): Reading =>
  plain(`some of ${values.join(', ')}, joined by |`, listed, joined)
export const instants: Reading = {
  ...plain('instants such as 2026-05-08T15:00:00Z, joined by |', listed, joined),
  time: true,
}

/** `kind:level|kind:level` */
export const pairs = (want: string): Reading =>
  plain(
    want,
    (text) => {
      const entries = listed(text).map((pair) => pair.split(':'))
      const twice = new Set(entries.map(([key]) => key)).size < entries.length
      return twice || entries.some((entry) => entry.length !== 2) ? text : Object.fromEntries(entries)
    },
    (value) => joined(Object.entries(value as Record<string, string>).map((pair) => pair.join(':'))),
  )

/** `7:150|30:75|:0`: below so many days held, so many basis points; the last tier without days. */
export const redemptionTiers: Reading = plain(
  'tiers such as 7:150|30:75|:0 (days held below:basis points)',
  (text) =>
    listed(text).map((tier) => {
      const match = /^(\d*):(\d+)$/.exec(tier)
      if (match === null) return tier
      return { heldDaysBelow: match[1] === '' ? null : Number(match[1]), feeBps: Number(match[2]) }
    }),
  (tiers) => joined((tiers as RedemptionTier[]).map((tier) => `${tier.heldDaysBelow ?? ''}:${tier.feeBps}`)),
)

export const must = (name: string, path: string, reading: Reading): Column => ({
  name,
  required: true,
  path: path.split('.'),
  ...reading,
})
export const may = (name: string, path: string, reading: Reading): Column => ({
  ...must(name, path, reading),
  required: false,
})

/** When a record became known; it stands in every file, and in no schema of a value. */
export const knownAt: Column = may('known_at', 'knownAt', instant)
