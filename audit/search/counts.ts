import { type FirmId } from '../../features/schema/ids.js'
import { type DuckDb } from '../../storage/duckdb.js'
import { conditionOf } from './query.js'
import { type Period } from './search.js'

export type Counted<Name extends string> = { readonly [N in Name]: string } & { readonly entries: number }

/** How often what occurred, of a firm in a period: live decisions, and entries of other types. Those with most first. */
export type Counts = {
  readonly types: readonly Counted<'type'>[]
  readonly scenes: readonly Counted<'scene'>[]
  readonly outcomes: readonly Counted<'outcome'>[]
  readonly refusals: readonly Counted<'refusal'>[]
  /** By what a rule did: withheld products of a decision, refused it, blocked or warned of a purchase. */
  readonly rules: readonly Counted<'effect' | 'ruleId'>[]
  /** Of decisions whose persons were not erased. */
  readonly classes: readonly Counted<'level' | 'investorClass' | 'ageBand'>[]
  /** In how many slates each stood. */
  readonly products: readonly Counted<'productId'>[]
  readonly packs: readonly Counted<'packDigest'>[]
  /** Decisions of persons who were erased: what is sealed of them is in none of the counts. */
  readonly erased: number
}

/** Counts what occurred. */
export async function countsOf(
  database: DuckDb,
  from: string,
  { firmId, ...period }: Period & { readonly firmId: FirmId },
): Promise<Counts> {
  const source = `(SELECT * FROM ${from} WHERE ${conditionOf({ firmId, ...period })} AND coalesce(mode, 'live') = 'live')`
  const grouped = async <Name extends string>(
    names: readonly Name[],
    select: string,
  ): Promise<readonly Counted<Name>[]> => {
    const places = names.map((_, n) => n + 1).join(', ')
    const rows = await database.rows(
      `SELECT ${names.map((_, n) => `c${n}`).join(', ')}, count(*)::DOUBLE AS entries
       FROM (${select}) AS found(${names.map((_, n) => `c${n}`).join(', ')}) WHERE c0 IS NOT NULL
       GROUP BY ${places} ORDER BY entries DESC, ${places}`,
    )
    return rows.map((cells) => {
      const named = Object.fromEntries(names.map((name, n) => [name, String(cells[n])]))
      return { ...named, entries: Number(cells.at(-1)) } as Counted<Name>
    })
  }
  const of = (columns: string): string => `SELECT ${columns} FROM ${source} AS source`
  const each = (column: string): string => of(`unnest(string_split(trim(${column}), ' '))`)
  const [erased] = await database.rows(
    `SELECT count(*)::DOUBLE FROM ${source} AS source WHERE type = 'decision' AND sealed = 'erased'`,
  )
  return {
    types: await grouped(['type'], of('type')),
    scenes: await grouped(['scene'], of('scene')),
    outcomes: await grouped(['outcome'], of('coalesce(outcome, verdict)')),
    refusals: await grouped(['refusal'], of('refusal')),
    rules: await grouped(
      ['effect', 'ruleId'],
      `SELECT split_part(rule, '/', 1), split_part(rule, '/', 2) FROM (${each('rules')}) AS listed(rule)
       UNION ALL ${of("'refused', refused_by")} WHERE refused_by IS NOT NULL`,
    ),
    classes: await grouped(
      ['level', 'investorClass', 'ageBand'],
      `${of('level, investor_class, age_band')} WHERE type = 'decision'`,
    ),
    products: await grouped(['productId'], each('products')),
    packs: await grouped(['packDigest'], of('pack')),
    erased: Number(erased?.[0]),
  }
}
