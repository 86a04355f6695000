import { type Blobs } from '../storage/blobs.js'
import { type Entry } from './entry.js'

/** What no collection may remove while the ledger names it. */
export type Needed = {
  /** Digests of blobs: releases with model, levels and graphs, packs with those that they extend, questionnaires. */
  readonly blobs: ReadonlySet<string>
  /** All revisions of the catalogue up to this number. */
  readonly catalogueRevision: number
}

const isDigest = /^sha256:[0-9a-f]{64}$/

/**
 * What the entries of a ledger need to be replayed: every digest that stands in any of them, of whatever type, and the
 * parts of what it names. Nothing is removed by Aptus; whoever writes a collection asks this first. Rejects with
 * `BlobError` where something named is damaged, for its parts cannot be known then.
 */
export async function neededByLedger(entries: AsyncIterable<{ readonly entry: Entry }>, blobs: Blobs): Promise<Needed> {
  const named = new Set<string>()
  let catalogueRevision = 0
  for await (const { entry } of entries) {
    collect(entry, named)
    if ('catalogue' in entry) catalogueRevision = Math.max(catalogueRevision, entry.catalogue.revision)
    if ('revision' in entry) catalogueRevision = Math.max(catalogueRevision, entry.revision)
  }
  const needed = new Set<string>()
  for (const digest of named) {
    // A digest may be that of a catalogue or of a page, which are no blobs.
    if (!(await blobs.has(digest))) continue
    needed.add(digest)
    for (const part of partsNamedBy(await blobs.get(digest))) if (await blobs.has(part)) needed.add(part)
  }
  return { blobs: needed, catalogueRevision }
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value === 'string' && isDigest.test(value)) into.add(value)
  else if (typeof value === 'object' && value !== null) for (const held of Object.values(value)) collect(held, into)
}

/**
 * A release's manifest, and what names a firm's pack and the one that it extends, are JSON: every digest that stands
 * there, whichever version wrote it. Packs and questionnaires are YAML, and name nothing.
 */
function partsNamedBy(bytes: Uint8Array): ReadonlySet<string> {
  const parts = new Set<string>()
  if (bytes[0] === '{'.charCodeAt(0)) collect(jsonOf(bytes), parts)
  return parts
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
