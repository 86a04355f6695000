import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { privateFile } from '../storage/privateFile.js'
import { replaceFile } from '../storage/replaceFile.js'
import { LedgerError } from './ledgerError.js'
import { nameOfVkey, type NoteKey, noteKey, vkeyOf } from './signedNote.js'

export const vkeyFile = 'ledger.vkey'
export const keyFile = 'ledger.key'

/** Null where there is none. */
export const readText = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** The verifier key of the ledger in a directory; null where it has none yet. Throws LedgerError `key`. */
export const readVkey = async (ledgerDir: string): Promise<string | null> => {
  const text = await readText(join(ledgerDir, vkeyFile))
  if (text !== null && nameOfVkey(text.trimEnd()) === null)
    throw new LedgerError('key', `ledger/${vkeyFile} holds no verifier key: restore it from a backup`)
  return text?.trimEnd() ?? null
}

const privateKeyOf = (pem: string): KeyObject => {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // What the parser says may quote the file; the error below says what to do.
  }
  throw new LedgerError('key', `${keyFile} of the data directory holds no Ed25519 key: restore it from a backup`)
}

/**
 * The key by which the ledger's checkpoints are signed: `ledger.key` beside the ledger's directory. Made, with its name,
 * where neither it nor the verifier key is there. Throws LedgerError `key` where only one of two belongs to the other.
 */
export const openLedgerKey = async (ledgerDir: string): Promise<NoteKey> => {
  const vkey = await readVkey(ledgerDir)
  const file = privateFile(join(dirname(ledgerDir), keyFile))
  const pem = await file.read()
  if (pem === null && vkey !== null)
    throw new LedgerError(
      'key',
      `${keyFile} is missing from the data directory, though ledger/${vkeyFile} names it: restore it from a backup. ` +
        'No new key was made: nobody would take its checkpoints for this ledger’s',
    )
  const privateKey = pem === null ? generateKeyPairSync('ed25519').privateKey : privateKeyOf(pem)
  if (pem === null) await file.replace(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  const name = vkey === null ? `aptus.invalid/ledger/${randomBytes(8).toString('hex')}` : (nameOfVkey(vkey) ?? '')
  const own = vkeyOf(name, privateKey)
  if (vkey === null) await replaceFile(join(ledgerDir, vkeyFile), `${own}\n`)
  else if (own !== vkey)
    throw new LedgerError(
      'key',
      `${keyFile} of the data directory is not the key that ledger/${vkeyFile} names: restore the one of this ledger`,
    )
  return noteKey(name, privateKey)
}
