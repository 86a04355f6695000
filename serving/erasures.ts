import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { FirmId, InvestorId } from '../features/schema/ids.js'
import { replaceFile } from '../storage/replaceFile.js'
import { DataError } from './dataError.js'

export const Erasure = z.strictObject({ firmId: FirmId, investorId: InvestorId })
export type Erasure = z.infer<typeof Erasure>
const List = z.strictObject({ v: z.literal(1), underWay: z.array(Erasure) })

/**
 * Whose erasure has begun and is not done in every place: durable, so that one that was cut short is finished at the
 * next opening. Each step of an erasure may be repeated.
 */
export type Erasures = {
  readonly underWay: () => readonly Erasure[]
  readonly has: (firmId: FirmId, investorId: InvestorId) => boolean
  readonly begin: (erasure: Erasure) => Promise<void>
  readonly end: (erasure: Erasure) => Promise<void>
}

const fileName = 'erasures.json'
const isOf = (a: Erasure, b: Erasure): boolean => a.firmId === b.firmId && a.investorId === b.investorId

/** Opens the list of a data directory, in which one process writes. */
export async function openErasures(dir: string): Promise<Erasures> {
  let underWay = await read(dir)
  let last: Promise<unknown> = Promise.resolve()

  const change = (next: (now: readonly Erasure[]) => readonly Erasure[]): Promise<void> => {
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
    begin: (erasure) => change((now) => [...now.filter((one) => !isOf(one, erasure)), erasure]),
    end: (erasure) => change((now) => now.filter((one) => !isOf(one, erasure))),
  }
}

async function read(dir: string): Promise<readonly Erasure[]> {
  try {
    return List.parse(JSON.parse(await readFile(join(dir, fileName), 'utf8'))).underWay
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new DataError(`${fileName} cannot be read: restore it from a backup, for erasures may be unfinished`, {
      cause: error,
    })
  }
}
