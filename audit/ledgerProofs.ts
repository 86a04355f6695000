import { LogError } from '../storage/logError.js'
import { LedgerError } from './ledgerError.js'
import { type Hash } from './merkle/hashing.js'
import { consistencyPath, inclusionPath, rootAt } from './merkle/proofs.js'
import { consistencyHolds, rootOfInclusion } from './merkle/verifyProof.js'
import { type MerkleTree } from './merkleTree.js'

/** A tree by its size and root. */
export type TreeHead = { readonly size: number; readonly root: Hash }

/** That the entry with the leaf is number `index` of the tree. */
export type Inclusion = TreeHead & { readonly index: number; readonly leaf: Hash; readonly path: readonly Hash[] }

/** That the tree `to` begins with the tree `from`. */
export type Consistency = { readonly from: TreeHead; readonly to: TreeHead; readonly path: readonly Hash[] }

const disagrees = (): LedgerError =>
  new LedgerError(
    'tree',
    'ledger/tree disagrees with the segments, and no proof was given out: stop, run `aptus audit fsck --rebuild`',
  )

const refuseBeyond = (size: number, tree: MerkleTree): void => {
  if (Number.isSafeInteger(size) && size >= 0 && size <= tree.size()) return
  throw new LogError('absent', `no tree of ${size} entries: the ledger holds ${tree.size()}`)
}

/** The tree as it was at a size: what the file says of it must lead to the present root, which the file cannot change. */
const headAt = async (tree: MerkleTree, size: number): Promise<TreeHead> => {
  refuseBeyond(size, tree)
  const present = { size: tree.size(), root: tree.root() }
  const head = { size, root: await rootAt(size, tree.subtree) }
  if (!consistencyHolds(head, present, await consistencyPath(size, present.size, tree.subtree))) throw disagrees()
  return head
}

/** Throws LedgerError `tree` where the proof does not hold. */
export const provenInclusion = async (
  tree: MerkleTree,
  leaf: Hash,
  index: number,
  size: number,
): Promise<Inclusion> => {
  const head = await headAt(tree, size)
  if (index >= size) throw new LogError('absent', `no entry ${index} in a tree of ${size} entries, counted from 0`)
  const path = await inclusionPath(index, size, tree.subtree)
  if (rootOfInclusion(leaf, index, size, path)?.equals(head.root) !== true) throw disagrees()
  return { ...head, index, leaf, path }
}

/** Throws LedgerError `tree` where the proof does not hold. */
export const provenConsistency = async (tree: MerkleTree, from: number, to: number): Promise<Consistency> => {
  if (from > to) throw new LogError('absent', `a tree of ${to} entries does not begin with one of ${from}`)
  const [old, head] = await Promise.all([headAt(tree, from), headAt(tree, to)])
  const path = await consistencyPath(from, to, tree.subtree)
  if (!consistencyHolds(old, head, path)) throw disagrees()
  return { from: old, to: head, path }
}
