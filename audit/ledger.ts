import { join } from 'node:path'
import { type LogError } from '../storage/logError.js'
import { type Cut } from '../storage/segmentRecovery.js'
import { openSegments, type SegmentOptions, type Segments } from '../storage/segments.js'
import { leafHash } from '../storage/segmentFormat.js'
import { type SignedCheckpoint } from './checkpoint.js'
import { checkpointing, readCheckpoint, refuseOtherRoot } from './checkpoints.js'
import { decodeEntry, encodeEntry, type Entry, entryIdOf } from './entry.js'
import { LedgerError } from './ledgerError.js'
import { openLedgerIndex, type LedgerIndexStore } from './ledgerIndex.js'
import { openLedgerKey } from './ledgerKey.js'
import { type Consistency, type Inclusion, provenConsistency, provenInclusion } from './ledgerProofs.js'
import { rootAt } from './merkle/proofs.js'
import { type MerkleTree, openMerkleTree, treeFolder } from './merkleTree.js'

/** The segments' folder, which the verifier reads; the index beside it is derived. */
export const logFolder = 'log'
export const indexFolder = 'index'

/** An entry's place in the ledger, from 0. */
export type LedgerIndex = number

export type Placed = { readonly index: LedgerIndex; readonly entry: Entry; readonly bytes: Uint8Array }

/** The append-only record of every entry, and the Merkle tree over them. Formats: docs/ledger.md. */
export type Ledger = {
  /** Resolves once the entry is on the disk. Rejects with LogError or LedgerError: the entry must not be acted on. */
  readonly append: (entry: Entry | Uint8Array) => Promise<LedgerIndex>
  /** Why nothing can be appended until the ledger is opened again; null while it can. */
  readonly failure: () => LogError | null
  /** By its id: `entryIdOf`. */
  readonly get: (entryId: string) => Promise<Placed | null>
  /** The newest entry of a type; null where there is none. */
  readonly latest: <Type extends Entry['type']>(type: Type) => Promise<Extract<Entry, { type: Type }> | null>
  /** Throws LogError `absent` beyond the end. */
  readonly byIndex: (index: LedgerIndex) => Promise<Placed>
  readonly iterate: (from?: LedgerIndex) => AsyncGenerator<Placed>
  readonly size: () => number
  /**
   * Signs the present tree's root. The checkpoint is durable in `ledger/checkpoint` when it resolves; the same again
   * while the ledger has not grown. Rejects where nothing can be appended.
   */
  readonly checkpoint: () => Promise<SignedCheckpoint>
  /** The newest checkpoint that was ever given out; null where none was. */
  readonly newestCheckpoint: () => SignedCheckpoint | null
  /**
   * Proves an entry in the tree of the first `size` entries, the present one where that is left out. Throws LogError
   * `absent` where there is no such entry or size. Proofs are verified before they are given out.
   */
  readonly inclusion: (index: LedgerIndex, size?: number) => Promise<Inclusion>
  /** Proves that the tree of `to` entries begins with that of `from`. Throws LogError `absent` where either is not. */
  readonly consistency: (from: number, to?: number) => Promise<Consistency>
  /** By which the checkpoints are verified: one line, C2SP signed-note. */
  readonly vkey: string
  /** The chain over all entries, `sha256:` + hex; of the empty ledger 64 zeros. */
  readonly lastHash: () => string
  /** What opening cut off a torn end; null where nothing was. To be told aloud. */
  readonly cut: Cut | null
  readonly close: () => Promise<void>
}

const indexFault = (): LedgerError =>
  new LedgerError('index', 'ledger/index disagrees with the segments: stop, delete that directory, start again')

const isOfType = <Type extends Entry['type']>(entry: Entry, type: Type): entry is Extract<Entry, { type: Type }> =>
  entry.type === type

/** Entries taken in between two writings of the derived stores. */
const catchUpBatch = 5000

/** The derived stores take in the entries that they lack. */
const catchUp = async (segments: Segments, index: LedgerIndexStore, tree: MerkleTree): Promise<void> => {
  const [indexed, hashed] = [index.stored, tree.size()]
  for await (const { index: place, bytes } of segments.iterate(Math.min(indexed, hashed))) {
    if (place >= indexed) {
      const entry = decodeEntry(bytes)
      index.add(place, entryIdOf(entry), entry.type)
    }
    if (place >= hashed) tree.append(leafHash(bytes))
    if (place % catchUpBatch === catchUpBatch - 1) await Promise.all([index.flush(), tree.flush()])
  }
}

/**
 * The tree over the segments. Its root at the checkpoint's size must be the one that was signed: either the tree's file
 * leads to it, or the whole tree is calculated anew. What follows is always calculated from the segments.
 */
const openTree = async (
  dir: string,
  segments: Segments,
  index: LedgerIndexStore,
  known: SignedCheckpoint | null,
  disk: SegmentOptions['disk'],
): Promise<MerkleTree> => {
  const tree = await openMerkleTree(join(dir, treeFolder), known, disk)
  try {
    await catchUp(segments, index, tree)
    if (known !== null) refuseOtherRoot(known, await rootAt(known.size, tree.subtree))
    segments.onCommitted((leaves) => leaves.forEach(tree.append))
    return tree
  } catch (error) {
    await tree.close()
    throw error
  }
}

const openParts = async (dir: string, options: SegmentOptions) => {
  const known = await readCheckpoint(dir)
  const index = await openLedgerIndex(join(dir, indexFolder))
  const opened: (() => Promise<void>)[] = [index.close]
  /** Each is closed though another cannot be: a lock that stays would keep the ledger from being opened again. */
  const close = async (): Promise<void> => {
    const failures: unknown[] = []
    for (const closePart of opened.reverse()) await closePart().catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }
  try {
    // Index and checkpoint never run ahead of the disk: a ledger shorter than they are has lost answered entries.
    const atLeast = Math.max(index.stored, known?.size ?? 0)
    const segments = await openSegments(join(dir, logFolder), { ...options, atLeast })
    opened.push(segments.close)
    const key = await openLedgerKey(dir)
    const tree = await openTree(dir, segments, index, known, options.disk)
    opened.push(tree.close)
    return { index, segments, tree, key, checkpoints: checkpointing(dir, tree, key, known), close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * Opens the ledger of a directory for this process alone. Throws LogError: `held`, `damaged`, `shorter`; LedgerError
 * `key`. The key by which it signs lies beside the directory: audit/ledgerKey.ts.
 */
export const openLedger = async (dir: string, options: SegmentOptions = {}): Promise<Ledger> => {
  const { index, segments, tree, key, checkpoints, close } = await openParts(dir, options)
  const underWay = new Set<string>()

  const appendNew = async (entry: Entry, bytes: Uint8Array): Promise<LedgerIndex> => {
    const entryId = entryIdOf(entry)
    if (underWay.has(entryId) || index.find(entryId) !== undefined)
      throw new LedgerError('duplicate', `entry ${entryId} is recorded already: give a new id`)
    underWay.add(entryId)
    try {
      const place = await segments.append(bytes)
      index.add(place, entryId, entry.type)
      return place
    } finally {
      underWay.delete(entryId)
    }
  }

  const append = async (given: Entry | Uint8Array): Promise<LedgerIndex> => {
    const [entry, bytes] = given instanceof Uint8Array ? [decodeEntry(given), given] : [given, encodeEntry(given)]
    return appendNew(entry, bytes)
  }

  const byIndex = async (place: LedgerIndex): Promise<Placed> => {
    const bytes = await segments.read(place)
    return { index: place, entry: decodeEntry(bytes), bytes }
  }

  const get = async (entryId: string): Promise<Placed | null> => {
    const place = index.find(entryId)
    if (place === undefined) return null
    const found = await byIndex(place)
    if (entryIdOf(found.entry) !== entryId) throw indexFault()
    return found
  }

  const latest = async <Type extends Entry['type']>(type: Type) => {
    const place = index.latest(type)
    if (place === undefined) return null
    const { entry } = await byIndex(place)
    if (!isOfType(entry, type)) throw indexFault()
    return entry
  }

  async function* iterate(from: LedgerIndex = 0): AsyncGenerator<Placed> {
    for await (const { index: place, bytes } of segments.iterate(from)) {
      yield { index: place, entry: decodeEntry(bytes), bytes }
    }
  }

  return {
    append,
    failure: segments.failure,
    get,
    latest,
    byIndex,
    iterate,
    size: () => segments.committed().count,
    lastHash: () => `sha256:${segments.committed().chain.toString('hex')}`,
    checkpoint: async () => {
      const failure = segments.failure()
      if (failure !== null) throw failure
      return checkpoints.sign()
    },
    newestCheckpoint: checkpoints.newest,
    inclusion: async (place, size = tree.size()) => {
      const leaf = leafHash(await segments.read(place))
      return provenInclusion(tree, leaf, place, size)
    },
    consistency: (from, to = tree.size()) => provenConsistency(tree, from, to),
    vkey: key.vkey,
    cut: segments.cut,
    close,
  }
}
