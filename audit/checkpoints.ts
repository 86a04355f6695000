import { join } from 'node:path'
import { LogError } from '../storage/logError.js'
import { replaceFile } from '../storage/replaceFile.js'
import { parseCheckpoint, type SignedCheckpoint, textOfCheckpoint } from './checkpoint.js'
import { readText, readVkey, vkeyFile } from './ledgerKey.js'
import { type MerkleTree } from './merkleTree.js'
import { LedgerError } from './ledgerError.js'
import { type NoteKey, openNote } from './signedNote.js'

export const checkpointFile = 'checkpoint'

/**
 * The newest checkpoint that the ledger of a directory gave out; null where it gave none. Throws LogError `damaged` where
 * its signature does not hold, LedgerError `key` where there is no verifier key to tell.
 */
export const readCheckpoint = async (ledgerDir: string): Promise<SignedCheckpoint | null> => {
  const [note, vkey] = [await readText(join(ledgerDir, checkpointFile)), await readVkey(ledgerDir)]
  if (note === null) return null
  if (vkey === null)
    throw new LedgerError('key', `ledger/${vkeyFile} is missing beside ledger/${checkpointFile}: restore it`)
  const text = openNote(note, vkey)
  const checkpoint = text === null ? null : parseCheckpoint(text)
  if (checkpoint === null)
    throw new LogError(
      'damaged',
      `ledger/${checkpointFile} was not signed by the key of ledger/${vkeyFile}, or was changed. ` +
        'Nothing was changed now: keep the files, restore both from a backup',
    )
  return { ...checkpoint, note }
}

/** Refuses a ledger whose entries are not those that a checkpoint was signed over. */
export const refuseOtherRoot = (checkpoint: SignedCheckpoint, root: Buffer): void => {
  if (root.equals(checkpoint.root)) return
  throw new LogError(
    'damaged',
    `the first ${checkpoint.size} entries are not those of ledger/${checkpointFile}: their root is ` +
      `${root.toString('base64')}, signed was ${checkpoint.root.toString('base64')}. Nothing was changed: keep the ` +
      'files, find every fault with `aptus audit verify`, restore the segments from a backup',
  )
}

/** Signs the tree's root, one checkpoint after another. `last`: the newest given out. */
export const checkpointing = (ledgerDir: string, tree: MerkleTree, key: NoteKey, last: SignedCheckpoint | null) => {
  let newest = last
  let signing: Promise<unknown> = Promise.resolve()

  const signNext = async (): Promise<SignedCheckpoint> => {
    const present = { origin: key.name, size: tree.size(), root: tree.root() }
    if (newest !== null && newest.size === present.size) return newest
    // The tree's file first, so that opening the ledger need not read the segments again from further back.
    await tree.sync()
    const signed = { ...present, note: key.sign(textOfCheckpoint(present)) }
    await replaceFile(join(ledgerDir, checkpointFile), signed.note)
    newest = signed
    return signed
  }

  return {
    newest: () => newest,
    sign: (): Promise<SignedCheckpoint> => {
      const next = signing.then(signNext)
      signing = next.catch(() => undefined)
      return next
    },
  }
}
