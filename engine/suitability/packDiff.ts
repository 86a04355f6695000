import { type Pack, type Rule } from './pack.js'

/** One field that differs; a field that is not there is null. Fields within fields are named with dots. */
export type FieldChange = { readonly field: string; readonly from: unknown; readonly to: unknown }
/** What was added and removed, by name, and what changed, field by field. */
export type ListDiff = {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly { readonly id: string; readonly fields: readonly FieldChange[] }[]
}
export type PackDiff = {
  readonly fields: readonly FieldChange[]
  readonly terms: readonly FieldChange[]
  readonly rules: ListDiff
  readonly confirmations: ListDiff
  readonly standards: ListDiff
}

type Item = { readonly id: string; readonly effectiveFrom?: string; readonly fields: object }

/** What differs from one pack to another, in the order of the packs: first the pack's own fields, then terms and lists. */
export function diffOf(from: Pack, to: Pack): PackDiff {
  const dated = (item: { readonly id: string; readonly effectiveFrom?: string }): Item => ({ ...item, fields: item })
  return {
    fields: changesOf(ownFields(from), ownFields(to)),
    terms: changesOf(from.terms, to.terms),
    rules: listDiff(from.rules.map(ruleItem), to.rules.map(ruleItem)),
    confirmations: listDiff(from.confirmations.map(dated), to.confirmations.map(dated)),
    standards: listDiff(from.standards.map(dated), to.standards.map(dated)),
  }
}

export const isSame = ({ fields, terms, ...lists }: PackDiff): boolean =>
  fields.length + terms.length === 0 &&
  Object.values(lists).every((list) => list.added.length + list.removed.length + list.changed.length === 0)

/** Told apart, or (the digest) different with every byte. */
const toldElsewhere = new Set(['rules', 'confirmations', 'standards', 'terms', 'digest', 'extended', 'holidayDays'])
const ownFields = (pack: Pack): object =>
  Object.fromEntries(Object.entries(pack).filter(([name]) => !toldElsewhere.has(name)))

/** A rule as it was written. */
function ruleItem({ applies, permits, effect, ...rule }: Rule): Item {
  const written = effect === 'warn' ? { warnUnless: permits.text } : { blockUnless: permits.text, effect }
  const cases = rule.cases.map(({ expect, ...inputs }) => ({
    ...Object.fromEntries(Object.entries(inputs).filter(([, of]) => Object.keys(of).length > 0)),
    expect,
  }))
  const fields = { ...rule, cases, ...(applies === null ? {} : { appliesIf: applies.text }), ...written }
  return { id: rule.id, effectiveFrom: rule.effectiveFrom, fields }
}

/** Versions of one id are told apart by the day from which they hold; one whose day alone has changed is a change. */
function listDiff(from: readonly Item[], to: readonly Item[]): ListDiff {
  const pairs = new Map<Item, Item>()
  const taken = new Set<Item>()
  const pair = (matches: (a: Item, b: Item) => boolean): void => {
    for (const a of from) {
      const b = pairs.has(a) ? undefined : to.find((other) => !taken.has(other) && matches(a, other))
      if (b === undefined) continue
      pairs.set(a, b)
      taken.add(b)
    }
  }
  pair((a, b) => a.id === b.id && a.effectiveFrom === b.effectiveFrom)
  pair((a, b) => a.id === b.id)
  return {
    added: to.filter((item) => !taken.has(item)).map((item) => named(item, to)),
    removed: from.filter((item) => !pairs.has(item)).map((item) => named(item, from)),
    changed: [...pairs].flatMap(([a, b]) => {
      const fields = changesOf(a.fields, b.fields)
      return fields.length === 0 ? [] : [{ id: named(b, to), fields }]
    }),
  }
}

const named = ({ id, effectiveFrom }: Item, all: readonly Item[]): string =>
  effectiveFrom !== undefined && all.filter((other) => other.id === id).length > 1 ? `${id} from ${effectiveFrom}` : id

function changesOf(from: object, to: object): readonly FieldChange[] {
  const [before, after] = [flat(from), flat(to)]
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((field): FieldChange[] => {
    const [a, b] = [before.get(field) ?? null, after.get(field) ?? null]
    return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ field, from: a, to: b }]
  })
}

/** Fields within fields by dotted names; lists stay whole. */
const flat = (value: object, prefix = ''): ReadonlyMap<string, unknown> =>
  new Map(
    Object.entries(value).flatMap(([name, of]: [string, unknown]) =>
      typeof of === 'object' && of !== null && !Array.isArray(of)
        ? [...flat(of, `${prefix}${name}.`)]
        : [[`${prefix}${name}`, of] as const],
    ),
  )
