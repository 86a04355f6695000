import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ErasureEntry } from '../audit/personActs.js'
import { FirmId, InvestorId } from '../features/schema/ids.js'
import { replaceFile } from '../storage/replaceFile.js'
import { DataError } from './dataError.js'

export const Erasure = z.strictObject({ firmId: FirmId, investorId: InvestorId })
export type Erasure = z.infer<typeof Erasure>

/** What an erasure's entry of the ledger will say: found before the first step, for nothing can be found after it. */
const Told = ErasureEntry.pick({ entryId: true, pseudonym: true, runs: true, releases: true })
export type Told = z.infer<typeof Told>

/** `told` is null where nothing was held on the person; left out by earlier versions. */
const UnderWay = Erasure.extend({ told: Told.nullable().optional() })
type UnderWay = z.infer<typeof UnderWay>
const List = z.strictObject({ v: z.literal(1), underWay: z.array(UnderWay) })

/**
 * Whose erasure has begun and is not done in every place: durable, so that one that was cut short is finished at the
 * next opening. Each step of an erasure may be repeated.
 */
export type Erasures = {
  readonly underWay: () => readonly Erasure[]
  readonly has: (firmId: FirmId, investorId: InvestorId) => boolean
  /** What the one under way will tell; undefined where none is, or an earlier version began it. */
  readonly told: (firmId: FirmId, investorId: InvestorId) => Told | null | undefined
  readonly begin: (erasure: Erasure, told?: Told | null) => Promise<void>
  readonly end: (erasure: Erasure) => Promise<void>
}

const fileName = 'erasures.json'
const isOf = (a: Erasure, b: Erasure): boolean => a.firmId === b.firmId && a.investorId === b.investorId

/** Opens the list of a data directory, in which one process writes. */
export async function openErasures(dir: string): Promise<Erasures> {
  let underWay = await read(dir)
  let last: Promise<unknown> = Promise.resolve()

  const change = (next: (now: readonly UnderWay[]) => readonly UnderWay[]): Promise<void> => {
    const turn = last.then(async () => {
      const changed = next(underWay)
      await replaceFile(join(dir, fileName), `${JSON.stringify({ v: 1, underWay: changed })}\n`)
      underWay = changed
    })
    last = turn.catch(() => undefined)
    return turn
  }

  return {
    underWay: () => underWay,
    has: (firmId, investorId) => underWay.some((one) => isOf(one, { firmId, investorId })),
    told: (firmId, investorId) => underWay.find((one) => isOf(one, { firmId, investorId }))?.told,
    begin: (erasure, told) =>
      change((now) => [
        ...now.filter((one) => !isOf(one, erasure)),
        { ...erasure, ...(told === undefined ? {} : { told }) },
      ]),
    end: (erasure) => change((now) => now.filter((one) => !isOf(one, erasure))),
  }
}

async function read(dir: string): Promise<readonly UnderWay[]> {
  try {
    return List.parse(JSON.parse(await readFile(join(dir, fileName), 'utf8'))).underWay
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new DataError(`${fileName} cannot be read: restore it from a backup, for erasures may be unfinished`, {
      cause: error,
    })
  }
}
