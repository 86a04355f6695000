import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { allFeatures } from '../features/definitions/catalogue.js'
import { featureId } from '../features/definitions/feature.js'
import { featureDigest } from '../features/definitions/featureDigest.js'
import { InstantText, type Instant } from '../features/schema/time.js'
import { Digest } from '../features/schema/ids.js'
import { replaceFile } from '../storage/replaceFile.js'
import { DataError } from './dataError.js'

/** What a data directory was last brought to: each definition by id, with its digest. */
const Applied = z.strictObject({ v: z.literal(1), appliedAt: InstantText, features: z.record(z.string(), Digest) })
type Applied = z.infer<typeof Applied>

const fileName = 'features.json'

export type FeaturePlan = {
  /** When the definitions were last applied; null: never. */
  readonly appliedAt: Instant | null
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** Another definition under the same id: a fault, for a changed one takes the next version. */
  readonly changed: readonly string[]
}

const defined = (): Readonly<Record<string, Digest>> =>
  Object.fromEntries(allFeatures.map((feature) => [featureId(feature), featureDigest([feature])]))

async function read(dir: string): Promise<Applied | null> {
  let text: string
  try {
    text = await readFile(join(dir, fileName), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  try {
    return Applied.parse(JSON.parse(text))
  } catch (cause) {
    throw new DataError(`${fileName} cannot be read: delete it, and run "aptus features apply"`, { cause })
  }
}

/** How the definitions of this program differ from those that the data directory was brought to. */
export async function planFeatures(dir: string): Promise<FeaturePlan> {
  const applied = await read(dir)
  const [was, is] = [applied?.features ?? {}, defined()]
  return {
    appliedAt: applied?.appliedAt ?? null,
    added: Object.keys(is).filter((id) => !(id in was)),
    removed: Object.keys(was).filter((id) => !(id in is)),
    changed: Object.keys(is).filter((id) => id in was && was[id] !== is[id]),
  }
}

export const noteApplied = (dir: string, appliedAt: Instant): Promise<void> =>
  replaceFile(
    join(dir, fileName),
    `${JSON.stringify(z.encode(Applied, { v: 1, appliedAt, features: defined() }), null, 1)}\n`,
  )
