import { createHash } from 'node:crypto'
import { storedFeatures } from '../features/definitions/catalogue.js'
import { dayOfInstant } from '../features/definitions/calendar.js'
import { featureDigest } from '../features/definitions/featureDigest.js'
import { traitsIn, traitsOf } from '../features/definitions/traits.js'
import { storedVector } from '../features/definitions/vectors.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type InvestorId } from '../features/schema/ids.js'
import { type InvestorAccount } from '../features/schema/records.js'
import { type Instant } from '../features/schema/time.js'
import { type InvestorStore } from '../features/store/port.js'
import { type Stamp } from '../features/store/vectorValue.js'

const digests = new WeakMap<Catalogue, Uint8Array>()

/** Over the definitions and over what of the catalogue they read, so that a change of status or fee changes nothing. */
function digestOf(catalogue: Catalogue): Uint8Array {
  const known = digests.get(catalogue)
  if (known !== undefined) return known
  const hash = createHash('sha256').update(featureDigest(storedFeatures))
  for (const product of catalogue.products) {
    const { group, companyId, level } = traitsOf(product)
    hash.update(`${product.id} ${group} ${companyId} ${level}\n`)
  }
  const digest = hash.digest()
  digests.set(catalogue, digest)
  return digest
}

/** What vectors computed at an instant by a catalogue stand for. */
export const stampOf = (catalogue: Catalogue, at: Instant): Stamp => ({
  day: dayOfInstant(at),
  digest: digestOf(catalogue),
  width: storedFeatures.length,
})

/** [d] an investor's stored features now: as they were materialised, else computed. Null where he has no profile. */
export async function readVector(
  store: InvestorStore,
  catalogue: Catalogue,
  id: InvestorId,
  at: Instant,
): Promise<Float32Array | null> {
  const kept = await store.vector(id, stampOf(catalogue, at))
  if (kept !== null) return kept
  const account = await store.account(id)
  return account === null ? null : storedVector(account, at, traitsIn(catalogue))
}

/** Investors at a time: a transaction that others wait for. */
const atOnce = 500

export type Materialised = { readonly investors: number; readonly standing: number; readonly made: number }

/**
 * Computes everybody's vector of the day where it does not stand already, so that a run that was cut short goes on where
 * it was. `dryRun` counts and writes nothing.
 */
export async function materialise(
  store: InvestorStore,
  catalogue: Catalogue,
  at: Instant,
  { dryRun, told }: { readonly dryRun: boolean; readonly told?: (done: number) => void },
): Promise<Materialised> {
  const stamp = stampOf(catalogue, at)
  const traits = traitsIn(catalogue)
  const vectorOf = (account: InvestorAccount): Float32Array => storedVector(account, at, traits)
  let [investors, standing, made] = [0, 0, 0]
  let after = ''
  for (;;) {
    const ids = await store.ids(atOnce, after)
    const last = ids.at(-1)
    if (last === undefined) return { investors, standing, made }
    const kept = await Promise.all(ids.map((id) => store.vector(id, stamp)))
    const due = ids.filter((_, n) => kept[n] === null)
    investors += ids.length
    standing += ids.length - due.length
    made += dryRun || due.length === 0 ? 0 : await store.materialise(due, stamp, vectorOf)
    told?.(investors)
    after = last
  }
}
