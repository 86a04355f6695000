import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** Signs texts in the form of C2SP signed-note, as the Go package sumdb/note does. */
export type NoteKey = {
  readonly name: string
  /** `NAME+HASH+BASE64`: by which others verify. */
  readonly vkey: string
  /** The text, which ends with a newline, an empty line and the signature's line. */
  readonly sign: (text: string) => string
}

/** The type of an Ed25519 signature: https://c2sp.org/signed-note. */
const ed25519 = 0x01
const keyIdLength = 4
const publicKeyLength = 32
const signatureLength = 64

/** SHA-256(name ‖ 0x0A ‖ type ‖ public key)[:4]. */
const keyIdOf = (name: string, publicKey: Buffer): Buffer =>
  createHash('sha256')
    .update(`${name}\n`)
    .update(Uint8Array.of(ed25519))
    .update(publicKey)
    .digest()
    .subarray(0, keyIdLength)

/** The 32 bytes of an Ed25519 key's public half. */
const rawPublicKey = (key: KeyObject): Buffer => Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url')

/** The verifier key of a name and an Ed25519 key, private or public. */
export const vkeyOf = (name: string, key: KeyObject): string => {
  const publicKey = rawPublicKey(key.type === 'private' ? createPublicKey(key) : key)
  const encoded = Buffer.concat([Uint8Array.of(ed25519), publicKey]).toString('base64')
  return `${name}+${keyIdOf(name, publicKey).toString('hex')}+${encoded}`
}

export const noteKey = (name: string, privateKey: KeyObject): NoteKey => {
  const keyId = keyIdOf(name, rawPublicKey(createPublicKey(privateKey)))
  return {
    name,
    vkey: vkeyOf(name, privateKey),
    sign: (text) => {
      const signature = sign(null, Buffer.from(text), privateKey)
      return `${text}\n— ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`
    },
  }
}

type Verifier = { readonly name: string; readonly keyId: Buffer; readonly publicKey: KeyObject }

/** What a verifier key names; null where it is none of Ed25519. */
const verifierOf = (vkey: string): Verifier | null => {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey)
  const [, name = '', keyId = '', encoded = ''] = parts ?? []
  const bytes = Buffer.from(encoded, 'base64')
  if (parts === null || bytes.length !== 1 + publicKeyLength || bytes[0] !== ed25519) return null
  const x = bytes.subarray(1).toString('base64url')
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return vkeyOf(name, publicKey) === vkey ? { name, keyId: Buffer.from(keyId, 'hex'), publicKey } : null
}

/** The name in a verifier key; null where it is none of Ed25519. */
export const nameOfVkey = (vkey: string): string | null => verifierOf(vkey)?.name ?? null

/** The text of a note that the verifier key's owner signed; null where he did not, or it is no note. */
export const openNote = (note: string, vkey: string): string | null => {
  const verifier = verifierOf(vkey)
  const end = note.lastIndexOf('\n\n')
  if (verifier === null || end === -1 || !note.endsWith('\n')) return null
  const text = note.slice(0, end + 1)
  const isOurs = (line: string): boolean => {
    const [, name, encoded = ''] = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? []
    const bytes = Buffer.from(encoded, 'base64')
    return (
      name === verifier.name &&
      bytes.length === keyIdLength + signatureLength &&
      bytes.toString('base64') === encoded &&
      bytes.subarray(0, keyIdLength).equals(verifier.keyId) &&
      verify(null, Buffer.from(text), verifier.publicKey, bytes.subarray(keyIdLength))
    )
  }
  return note
    .slice(end + 2, -1)
    .split('\n')
    .some(isOurs)
    ? text
    : null
}
