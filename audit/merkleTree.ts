import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type SegmentDisk } from '../storage/segmentDisk.js'
import { openRecordFile, type RecordFile } from '../storage/recordFile.js'
import { frontierFrom, subtreesOf } from './merkle/frontier.js'
import { type Hash, hashLength } from './merkle/hashing.js'
import { type Subtree } from './merkle/proofs.js'

/** The folder of a ledger that holds the tree, and its one file. */
export const treeFolder = 'tree'
export const hashesFile = 'hashes'

/** How many full subtrees a tree of n leaves has: 2n less the bits of n that are 1. */
export const subtreeCount = (size: number): number => 2 * size - subtreesOf(size).length

/**
 * Where a subtree's root stands: roots are written in the order in which leaves complete them, the leaf first. After
 * golang.org/x/mod/sumdb/tlog, StoredHashIndex.
 */
export const placeOf = (level: number, index: number): number => subtreeCount((index + 1) * 2 ** level - 1) + level

/**
 * The Merkle tree over the leaves appended so far, RFC 9162 §2.1. Its full subtrees' roots stand in a file that is
 * derived from the segments; the present root is calculated from those in memory, never from the file.
 */
export type MerkleTree = {
  readonly size: () => number
  readonly root: () => Hash
  /** Throws where an earlier writing failed. */
  readonly append: (leaf: Hash) => void
  /** Read from the file, unchecked. */
  readonly subtree: Subtree
  readonly flush: () => Promise<void>
  readonly sync: () => Promise<void>
  readonly close: () => Promise<void>
}

/** The tree's frontier as the file has it; null where the file is too short, or leads to another root. */
const restored = async (file: RecordFile, size: number, root: Hash) => {
  if (file.count() < subtreeCount(size)) return null
  const levels: (Hash | null)[] = []
  for (const { level, index } of subtreesOf(size)) levels[level] = await file.read(placeOf(level, index))
  const frontier = frontierFrom(size, levels)
  return frontier.root().equals(root) ? frontier : null
}

/**
 * Opens the tree as it was at a size with a root that is known to be right, and forgets what follows: the caller appends
 * those leaves anew, from the segments. Where the file does not lead to that root, the tree is empty.
 */
export const openMerkleTree = async (
  dir: string,
  known: { size: number; root: Hash } | null,
  disk?: SegmentDisk,
): Promise<MerkleTree> => {
  await mkdir(dir, { recursive: true })
  const file = await openRecordFile(join(dir, hashesFile), hashLength, disk)
  const frontier = (known && (await restored(file, known.size, known.root))) ?? frontierFrom(0, [])
  await file.cutTo(subtreeCount(frontier.size()))
  return {
    size: frontier.size,
    root: frontier.root,
    append: (leaf) => frontier.add(leaf, file.push),
    subtree: (level, index) => file.read(placeOf(level, index)),
    flush: file.flush,
    sync: file.sync,
    close: file.close,
  }
}
