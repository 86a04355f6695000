import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { type OfficerKey, officerKeyOf } from '../../audit/rules/officer.js'
import { UsageError } from '../output.js'

/** A new private key as PKCS 8 PEM, mode 0600, in a file that is not there yet; the public key as PEM. */
export async function makeKey(file: string): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const handle = await open(file, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      error.code === 'EEXIST'
        ? `"${basename(file)}" is there already: a key is never overwritten`
        : `"${basename(file)}" cannot be written (${error.code ?? 'unknown error'})`,
    )
  })
  try {
    await handle.writeFile(privateKey.export({ format: 'pem', type: 'pkcs8' }))
    await handle.sync()
  } finally {
    await handle.close()
  }
  return publicKey.export({ format: 'pem', type: 'spki' }).toString()
}

/** An officer's own private key. */
export const readPrivateKey = (file: string): Promise<KeyObject> =>
  read(file, createPrivateKey, 'an unencrypted private key in PEM, as "aptus rules key new" makes it')

/** The text of a public key, from its PEM. A private key is refused: it is nobody's but the officer's. */
export async function readPublicKey(file: string): Promise<OfficerKey> {
  const wanted = 'a public key in PEM, as "aptus rules key new" prints it'
  const key = await read(
    file,
    (pem) => {
      if (/PRIVATE/.test(pem))
        throw new UsageError(`"${basename(file)}" holds a private key: give the public one alone`)
      return createPublicKey(pem)
    },
    wanted,
  )
  return textOf(key, file)
}

export function textOf(key: KeyObject, file: string): OfficerKey {
  try {
    return officerKeyOf(key)
  } catch (error) {
    const message = error instanceof z.ZodError ? (error.issues[0]?.message ?? '') : (error as Error).message
    throw new UsageError(`"${basename(file)}": ${message}`)
  }
}

async function read(file: string, parse: (pem: string) => KeyObject, wanted: string): Promise<KeyObject> {
  const pem = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`"${basename(file)}" cannot be read (${error.code ?? 'unknown error'})`)
  })
  try {
    return parse(pem)
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`"${basename(file)}": want ${wanted}`)
  }
}
