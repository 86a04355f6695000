import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { z } from 'zod'

/** Text that is shown as it was signed: without control, direction and invisible characters (Unicode category C). */
export const PlainText = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^\P{C}*$/u, 'want text without control and invisible characters')
    .refine((text) => text.isWellFormed() && text.trim() === text, 'want text without spaces at its ends')

/** An officer's own name: he acts in his function, and the ledger keeps it for ever (docs/decisions/0017). */
export const OfficerName = PlainText(64)
export type OfficerName = z.infer<typeof OfficerName>

/** `ed25519:` and the 32 bytes of RFC 8032 §5.1.5 in lower-case hexadecimal. */
export const OfficerKey = z
  .string()
  .regex(/^ed25519:[0-9a-f]{64}$/, 'want ed25519: and 64 lower-case hexadecimal digits')
  .refine((key) => !isWeak(key), 'this is no key that a secret stands behind; make one with "aptus rules key new"')
export type OfficerKey = z.infer<typeof OfficerKey>

/** 64 bytes of RFC 8032 §5.1.6 in lower-case hexadecimal. */
export const Signature = z.string().regex(/^[0-9a-f]{128}$/, 'want 128 lower-case hexadecimal digits')
export const Signed = z.strictObject({ by: OfficerName, signature: Signature })
export type Signed = z.infer<typeof Signed>

/** What tells persons apart: two spellings of one name (Unicode form, case, spaces) are one person. */
export const personOf = (name: OfficerName): string =>
  name.normalize('NFKC').toLowerCase().normalize('NFKC').replace(/\s+/gu, ' ').trim()

const prime = 2n ** 255n - 19n
/** y of points of order 8, as in libsodium's ge25519_has_small_order; that of the others is its negative. */
const orderEight = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n
const weak = new Set([0n, 1n, prime - 1n, orderEight, prime - orderEight])

/**
 * Keys of small order verify signatures that nobody made, and a coordinate beyond the prime is a second spelling of
 * another key.
 */
function isWeak(key: string): boolean {
  const bytes = Buffer.from(key.slice('ed25519:'.length), 'hex').reverse()
  bytes[0] = (bytes[0] ?? 0) & 0x7f
  const y = BigInt(`0x${bytes.toString('hex')}`)
  return y >= prime || weak.has(y)
}

/** SubjectPublicKeyInfo of Ed25519 (RFC 8410 §4) up to the key's 32 bytes. */
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex')

export const publicKeyOf = (key: OfficerKey): KeyObject =>
  createPublicKey({
    key: Buffer.concat([spkiHead, Buffer.from(key.slice('ed25519:'.length), 'hex')]),
    format: 'der',
    type: 'spki',
  })

/** The key's text. Throws zod's error for one that is weak, and an Error for one that is no Ed25519 key. */
export function officerKeyOf(key: KeyObject): OfficerKey {
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error('this is no Ed25519 key; make one with "aptus rules key new"')
  const spki = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'der', type: 'spki' })
  return OfficerKey.parse(`ed25519:${spki.subarray(spkiHead.length).toString('hex')}`)
}

export const isSignatureOf = (key: OfficerKey, bytes: Uint8Array, signature: string): boolean =>
  verify(null, bytes, publicKeyOf(key), Buffer.from(signature, 'hex'))
