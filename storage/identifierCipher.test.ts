import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { identifierCipher, IdentifierError } from './identifierCipher.js'

const [cipher, other] = [identifierCipher(randomBytes(32)), identifierCipher(randomBytes(32))]

test('a token is the same for the same text, tells nothing of another, and gives the text again', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, another) => {
      const token = cipher.tokenOf(text)
      expect(token).toMatch(/^[A-Za-z0-9_-]+$/)
      expect(cipher.tokenOf(text) === cipher.tokenOf(another)).toBe(text === another)
      expect(cipher.textOf(token)).toBe(Buffer.from(text).toString())
      expect(other.tokenOf(text)).not.toBe(token)
    }),
  )
})

test('another key, a changed byte, a text in clear and another context are refused', () => {
  const token = Buffer.from(cipher.tokenOf('C-1002'), 'base64url')
  const sealed = cipher.seal('here', Buffer.from('1980-01-01'))
  expect(Buffer.from(cipher.open('here', sealed)).toString()).toBe('1980-01-01')
  expect(cipher.seal('here', Buffer.from('1980-01-01'))).not.toEqual(sealed)
  expect(() => cipher.open('there', sealed)).toThrow(IdentifierError)
  expect(() => other.open('here', sealed)).toThrow(IdentifierError)
  expect(() => other.textOf(token.toString('base64url'))).toThrow(IdentifierError)
  expect(() => cipher.textOf('C-1002')).toThrow(IdentifierError)
  for (const place of token.keys()) {
    const changed = Buffer.from(token)
    changed[place] = (changed[place] ?? 0) ^ 1
    expect(() => cipher.textOf(changed.toString('base64url'))).toThrow(IdentifierError)
  }
  for (const place of sealed.keys()) {
    const changed = Uint8Array.from(sealed)
    changed[place] = (changed[place] ?? 0) ^ 1
    expect(() => cipher.open('here', changed)).toThrow(IdentifierError)
  }
  expect(() => cipher.open('here', sealed.subarray(0, 20))).toThrow(IdentifierError)
  expect(() => identifierCipher(randomBytes(16))).toThrow('a key of 16 bytes, want 32')
})
