import { createHmac, hkdfSync } from 'node:crypto'
import { encodeCanonical } from './canonical.js'
import { cipherKeyOf, commitTo, seal, unseal } from './sealing.js'

const key = Buffer.alloc(32, 7)
const cipherKey = cipherKeyOf(key)
const plain = Buffer.from('what is the person’s')

test('a commitment is the HMAC that docs/ledger.md names, another for each part, entry, key and value', () => {
  const bytes = encodeCanonical(['aptus', 1, 'inputs', 'e-1', plain])
  const wanted = `hmac-sha256:${createHmac('sha256', key).update(bytes).digest('hex')}`
  expect(commitTo(key, 'inputs', 'e-1', plain)).toBe(wanted)
  const others = [
    commitTo(key, 'verdict', 'e-1', plain),
    commitTo(key, 'inputs', 'e-2', plain),
    commitTo(Buffer.alloc(32, 8), 'inputs', 'e-1', plain),
    commitTo(key, 'inputs', 'e-1', Buffer.of(1)),
  ]
  expect(new Set([wanted, ...others]).size).toBe(5)
})

test('the key that encrypts is derived as RFC 5869 says, so that what was sealed opens in every version', () => {
  const wanted = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), Buffer.from('aptus inputs v1'), 32))
  expect(cipherKey.equals(wanted)).toBe(true)
})

test('what was sealed opens with its key and entry alone, and as it was sealed', () => {
  const sealed = seal(cipherKey, 'e-1', plain)
  expect(unseal(cipherKey, 'e-1', sealed).equals(plain)).toBe(true)
  expect(seal(cipherKey, 'e-1', plain).equals(sealed)).toBe(false)
  expect(() => unseal(cipherKey, 'e-2', sealed)).toThrow()
  expect(() => unseal(cipherKeyOf(Buffer.alloc(32, 8)), 'e-1', sealed)).toThrow()
  for (let place = 0; place < sealed.length; place++) {
    const changed = Buffer.from(sealed)
    changed[place] = (changed[place] ?? 0) ^ 1
    expect(() => unseal(cipherKey, 'e-1', changed)).toThrow()
  }
  // A tag cut short would be easier to guess.
  expect(() => unseal(cipherKey, 'e-1', sealed.subarray(0, 12 + 8))).toThrow(/tag length/)
})
