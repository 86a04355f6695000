import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { compositionIn, compositionOf } from '../engine/suitability/composition.js'
import { type Pack } from '../engine/suitability/pack.js'
import { readAnyPack } from '../engine/suitability/readAnyPack.js'
import { extendKeptPack, extendPack, readKeptPack, readPack } from '../engine/suitability/readPack.js'
import { type Digest, type FirmId } from '../features/schema/ids.js'
import { type Blobs } from '../storage/blobs.js'
import { type Configuration, ConfigurationError } from './configuration.js'
import { packName } from './firmPacks.js'

/** The packs that the configuration gives to firms; which ones are in force says the ledger: serving/rules/ruleBook.ts. */
export type Packs = {
  readonly of: (firmId: FirmId) => Pack
  /** Each pack once; the first is that of all firms that were given none. */
  readonly all: readonly [Pack, ...Pack[]]
  /** The firms that were given a pack by name. */
  readonly firmsOf: (pack: Pack) => readonly FirmId[]
  /** Every firm that was given a pack. */
  readonly firms: readonly FirmId[]
  /** A pack of the folder packs/ as it is now; null where there is none of that id. Throws `PackError`. */
  readonly shipped: (id: string) => Pack | null
}

/** A pack read from its file, and the bytes from which it can be read again by its digest. */
export type LoadedPack = { readonly pack: Pack; readonly bytes: readonly Uint8Array[] }

/**
 * Reads a pack from its file, or a firm's own over the one of the folder packs/ that it extends. Rejects with `PackError` for what
 * is wrong in either, and with the system's own error where a file cannot be read.
 */
export async function loadPack(file: string, packs: string): Promise<LoadedPack> {
  const own = await readFile(file)
  const bases: Uint8Array[] = []
  const shipped = (id: string): Pack | null => {
    const path = join(packs, `${id}.yaml`)
    if (!existsSync(path)) return null
    const base = readFileSync(path)
    bases.push(base)
    return readPack(base, basename(path))
  }
  const pack = readAnyPack(own, shipped, basename(file))
  if (pack.extended === null) return { pack, bytes: [own] }
  return { pack, bytes: [...bases, own, new TextEncoder().encode(compositionOf(pack.extended))] }
}

/** The packs of a configuration, each read once, with the bytes of all kept. */
export async function openPacks(configuration: Configuration, blobs: Blobs): Promise<Packs> {
  const loaded = new Map<string, Pack>()
  const load = async (variable: string, file: string): Promise<Pack> => {
    const known = loaded.get(file)
    if (known !== undefined) return known
    const { pack, bytes } = await loadPack(file, dirname(configuration.packFile))
    if (pack.mode === 'evaluation')
      throw new ConfigurationError(
        `${variable}: ${pack.id} is for offline evaluation alone; name a pack to serve with, such as cn-2026`,
      )
    for (const part of bytes) await blobs.put(part)
    loaded.set(file, pack)
    return pack
  }
  const byDefault = await load('APTUS_PACK', configuration.packFile)
  const byFirm = new Map<FirmId, Pack>()
  for (const { firmId, source, file } of configuration.firmPacks) {
    const pack = await load('APTUS_FIRM_PACKS', file)
    // A file of a firm's own only adds: a whole pack in its place would replace the shipped rules.
    if (pack.extended === null && !packName.test(source))
      throw new ConfigurationError(
        `APTUS_FIRM_PACKS: ${source} extends no pack: write "extends: cn-2026", or another of packs/, at its head`,
      )
    byFirm.set(firmId, pack)
  }
  return {
    of: (firmId) => byFirm.get(firmId) ?? byDefault,
    all: [byDefault, ...new Set([...byFirm.values()].filter((pack) => pack !== byDefault))],
    firmsOf: (pack) => [...byFirm].flatMap(([firmId, own]) => (own === pack ? [firmId] : [])),
    firms: [...byFirm.keys()],
    shipped: (id) => {
      const file = join(dirname(configuration.packFile), `${id}.yaml`)
      return existsSync(file) ? readPack(readFileSync(file), basename(file)) : null
    },
  }
}

/**
 * The pack of a decision, from the bytes that were kept when it served: readable whatever is asked of new packs since.
 * Rejects with `BlobError` where they are absent or damaged.
 */
export const keptPackIn = (digest: Digest, blobs: Blobs): Promise<Pack> =>
  packIn(digest, blobs, { read: readKeptPack, extend: extendKeptPack })

/** The same bytes as a pack to judge by from now on: all is asked of it that is asked of a new one. Rejects with `PackError` too. */
export const packToServe = (digest: Digest, blobs: Blobs): Promise<Pack> =>
  packIn(digest, blobs, { read: readPack, extend: extendPack })

type Readers = {
  readonly read: (bytes: Uint8Array) => Pack
  readonly extend: (base: Pack, bytes: Uint8Array) => Pack
}

async function packIn(digest: Digest, blobs: Blobs, { read, extend }: Readers): Promise<Pack> {
  const bytes = await blobs.get(digest)
  const composed = compositionIn(bytes)
  return composed === null ? read(bytes) : extend(read(await blobs.get(composed.base)), await blobs.get(composed.firm))
}

const read = new Map<Digest, Pack>()

/** The same, read once by this process. */
export async function packOf(digest: Digest, blobs: Blobs): Promise<Pack> {
  const pack = read.get(digest) ?? (await keptPackIn(digest, blobs))
  read.set(digest, pack)
  return pack
}
