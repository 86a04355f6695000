import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Reader } from '../../audit/personActs.js'
import { Digest } from '../../features/schema/ids.js'
import { InstantText } from '../../features/schema/time.js'
import { GateResult } from '../../training/registry/gates.js'
import { RunId } from '../../training/runRecord.js'
import { DataError } from '../dataError.js'

/** A line of `runs/promotions.jsonl`: for who asks later by which figures a model came to serve. The ledger is the proof. */
export const Promotion = z.strictObject({
  v: z.literal(1),
  at: InstantText,
  act: z.enum(['promote', 'rollback']),
  release: Digest,
  previous: Digest.nullable(),
  runId: RunId.nullable(),
  by: Reader,
  gates: z.array(GateResult),
  overridden: z.array(z.string()),
  reason: z.string().nullable(),
})
export type Promotion = z.infer<typeof Promotion>

const fileName = 'promotions.jsonl'

/** In their order; none where there is no file. A last line that a crash cut short is left out. */
export async function readPromotions(runsDir: string): Promise<readonly Promotion[]> {
  const text = await readFile(join(runsDir, fileName), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .flatMap((line, place) => (line === '' ? [] : [parsed(line, place + 1)]))
}

function parsed(line: string, number: number): Promotion {
  try {
    return Promotion.parse(JSON.parse(line))
  } catch (cause) {
    throw new DataError(`runs/${fileName} line ${number} is no promotion: restore it from a backup`, { cause })
  }
}

/** Durable when resolved. A release may have come about without a run, and the directory not be there. */
export async function appendPromotion(runsDir: string, promotion: Promotion): Promise<void> {
  await mkdir(runsDir, { recursive: true })
  const file = await open(join(runsDir, fileName), 'a')
  try {
    await file.writeFile(`${JSON.stringify(Promotion.encode(promotion))}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}
