import { activationsIn } from '../audit/activations.js'
import { type Ledger } from '../audit/ledger.js'
import { turns } from '../audit/turns.js'
import { type Release } from '../engine/release.js'
import { type Catalogue } from '../features/schema/catalogue.js'
import { type Instant } from '../features/schema/time.js'
import { reasonOfData } from './dataError.js'
import { type Home } from './home.js'
import { software } from './software.js'

/**
 * Catalogue and release by which is decided. Each is entered in the ledger before it binds, so that no decision names
 * one that was not. Where it cannot be entered it binds all the same, and `failure` is why nothing is decided: a
 * suspension must not wait for a disk.
 */
export type InForce = {
  readonly catalogue: () => Catalogue
  readonly release: () => Release | null
  readonly failure: () => Error | null
  /** Takes up a catalogue; an older one than that in force is left. Rejects where it could not be entered. */
  readonly takeCatalogue: (catalogue: Catalogue) => Promise<void>
  /** Takes up what was released or imported beside the service. Rejects as `takeCatalogue`. */
  readonly reload: () => Promise<void>
}

type Bound = { readonly catalogue: Catalogue; readonly release: Release | null }

/** Loads what the data directory holds; `instant` dates the entries. Resolves where it could not be entered, too. */
export async function openInForce(home: Home, ledger: Ledger, instant: () => Instant): Promise<InForce> {
  const activations = activationsIn(ledger)
  const { alone } = turns<never, never>(() => Promise.resolve([]))
  let bound: Bound = await loaded(home)
  let failure: Error | null = null

  const enter = async ({ catalogue, release }: Bound): Promise<void> => {
    await activations.software(software, instant())
    if (catalogue.revision > 0) await activations.catalogue(catalogue, instant())
    if (release !== null) await activations.release(release.digest, instant())
  }

  const take = (next: () => Promise<Bound>): Promise<void> =>
    alone(async () => {
      const taken = await next()
      try {
        await enter(taken)
        failure = null
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error))
        throw error
      } finally {
        bound = taken
      }
    })

  // Told by `failure`: what was recorded can be read all the same.
  await take(() => Promise.resolve(bound)).catch(() => undefined)
  return {
    catalogue: () => bound.catalogue,
    release: () => bound.release,
    failure: () => failure,
    takeCatalogue: (catalogue) =>
      take(() => Promise.resolve(catalogue.revision < bound.catalogue.revision ? bound : { ...bound, catalogue })),
    reload: () => take(() => loaded(home)),
  }
}

async function loaded(home: Home): Promise<Bound> {
  const catalogue = await home.catalogueLog.head()
  const digest = await home.releases.active()
  return { catalogue, release: digest === null ? null : await reasonOfData(home.releases.open(digest)) }
}
