import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { encodeCanonical } from './canonical.js'
import { Commitment } from './commitment.js'

/** Bytes of a person's key. */
export const keyLength = 32
const nonceLength = 12
const tagLength = 16

/**
 * HMAC-SHA-256 under the person's key over the canonical array ["aptus", 1, what, entryId, bytes], bytes the canonical value. The entry's id
 * is in it, so that equal inputs of two entries cannot be told to be equal.
 */
export const commitTo = (key: Uint8Array, what: string, entryId: string, value: Uint8Array): Commitment => {
  const bytes = encodeCanonical(['aptus', 1, what, entryId, value])
  return Commitment.parse(`hmac-sha256:${createHmac('sha256', key).update(bytes).digest('hex')}`)
}

/** The encryption key of a person, apart from his HMAC key: HKDF-SHA-256, RFC 5869. */
export const cipherKeyOf = (key: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', key, new Uint8Array(), 'aptus inputs v1', keyLength))

/** AES-256-GCM under a cipher key and a random nonce, bound to the entry's id: nonce ‖ tag ‖ ciphertext. */
export const seal = (cipherKey: Uint8Array, entryId: string, plain: Uint8Array): Buffer => {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', cipherKey, nonce).setAAD(Buffer.from(entryId))
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext])
}

/** What seal() was given. Throws where bytes, cipher key or entry id are others. */
export const unseal = (cipherKey: Uint8Array, entryId: string, sealed: Uint8Array): Buffer => {
  const nonce = sealed.subarray(0, nonceLength)
  const decipher = createDecipheriv('aes-256-gcm', cipherKey, nonce, { authTagLength: tagLength })
  decipher.setAAD(Buffer.from(entryId)).setAuthTag(sealed.subarray(nonceLength, nonceLength + tagLength))
  return Buffer.concat([decipher.update(sealed.subarray(nonceLength + tagLength)), decipher.final()])
}
