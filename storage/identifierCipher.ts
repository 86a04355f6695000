import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'

const keyLength = 32
const idLength = 4
const ivLength = 16
const nonceLength = 12
const tagLength = 16

/** Encrypts identifiers and what lies beside them, under one key, whose id stands in every value. */
export type IdentifierCipher = {
  /** Eight hexadecimal digits: tells keys apart, and gives none away. */
  readonly keyId: string
  /**
   * The same text gives the same token, so that tokens can be compared, joined and be keys; base64url. A synthetic IV
   * (RFC 5297's construction, with HMAC-SHA-256 for the PRF) and AES-256-CTR.
   */
  readonly tokenOf: (text: string) => string
  /** What tokenOf() was given. Throws IdentifierError where it is no token of this key. */
  readonly textOf: (token: string) => string
  /** AES-256-GCM under a random nonce, bound to a context: key id ‖ nonce ‖ tag ‖ ciphertext. */
  readonly seal: (context: string, plain: Uint8Array) => Uint8Array
  /** What seal() was given. Throws IdentifierError where bytes, context or key are others. */
  readonly open: (context: string, sealed: Uint8Array) => Uint8Array
}

/** A value is not one of the key that is given: another key's, in clear, or changed. */
export class IdentifierError extends Error {
  constructor(options?: ErrorOptions) {
    super('a stored identifier is not one of APTUS_IDENTIFIERS_KEY: give the key with which it was written', options)
    this.name = 'IdentifierError'
  }
}

/** From 32 random bytes. */
export function identifierCipher(key: Uint8Array): IdentifierCipher {
  if (key.length !== keyLength) throw new RangeError(`a key of ${key.length} bytes, want ${keyLength}`)
  const derived = (what: string): Buffer =>
    Buffer.from(hkdfSync('sha256', key, new Uint8Array(), `aptus identifiers ${what} v1`, keyLength))
  const [macKey, tokenKey, sealKey] = [derived('iv'), derived('token'), derived('seal')]
  const id = createHash('sha256').update(derived('id')).digest().subarray(0, idLength)
  const ivOf = (text: Uint8Array): Buffer => createHmac('sha256', macKey).update(text).digest().subarray(0, ivLength)
  const checkKey = (bytes: Uint8Array): void => {
    if (!id.equals(bytes.subarray(0, idLength))) throw new IdentifierError()
  }

  return {
    keyId: id.toString('hex'),
    tokenOf: (text) => {
      const plain = Buffer.from(text)
      const iv = ivOf(plain)
      const cipher = createCipheriv('aes-256-ctr', tokenKey, iv)
      return Buffer.concat([id, iv, cipher.update(plain), cipher.final()]).toString('base64url')
    },
    textOf: (token) => {
      const bytes = Buffer.from(token, 'base64url')
      checkKey(bytes)
      const iv = bytes.subarray(idLength, idLength + ivLength)
      if (iv.length !== ivLength) throw new IdentifierError()
      const decipher = createDecipheriv('aes-256-ctr', tokenKey, iv)
      const plain = Buffer.concat([decipher.update(bytes.subarray(idLength + ivLength)), decipher.final()])
      if (!ivOf(plain).equals(iv)) throw new IdentifierError()
      return plain.toString()
    },
    seal: (context, plain) => {
      const nonce = randomBytes(nonceLength)
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce).setAAD(Buffer.from(context))
      const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()])
      return Buffer.concat([id, nonce, cipher.getAuthTag(), ciphertext])
    },
    open: (context, sealed) => {
      checkKey(sealed)
      const [nonceEnd, tagEnd] = [idLength + nonceLength, idLength + nonceLength + tagLength]
      try {
        const decipher = createDecipheriv('aes-256-gcm', sealKey, sealed.subarray(idLength, nonceEnd), {
          authTagLength: tagLength,
        })
        decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(nonceEnd, tagEnd))
        return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()])
      } catch (cause) {
        throw new IdentifierError({ cause })
      }
    },
  }
}
