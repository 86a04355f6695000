import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { person } from '../../tests/officers.js'
import { isSignatureOf, OfficerKey, officerKeyOf, OfficerName, personOf, publicKeyOf } from './officer.js'
import { signedBytes } from './statement.js'

const le = (hex: string): string => `ed25519:${hex}`
const prime = 2n ** 255n - 19n
const coordinate = (y: bigint, sign = 0): string => {
  const bytes = Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse()
  bytes[31] = (bytes[31] ?? 0) | (sign << 7)
  return le(bytes.toString('hex'))
}

test.each([
  ['the neutral element', coordinate(1n)],
  ['the neutral element, its sign set', coordinate(1n, 1)],
  ['order 2', coordinate(prime - 1n)],
  ['order 4', coordinate(0n)],
  ['order 4, its sign set', coordinate(0n, 1)],
  // libsodium's blocklist, as it is written there.
  ['order 8', le('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')],
  ['order 8, the other', le('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')],
  ['order 8, its sign set', le('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa')],
  ['the prime', coordinate(prime)],
  ['a second spelling', coordinate(prime + 3n)],
  ['all ones', le('f'.repeat(64))],
  ['capitals', person('x').publicKey.toUpperCase()],
  ['too short', le('00')],
])('a key is refused: %s', (_, key) => expect(OfficerKey.safeParse(key).success).toBe(false))

test('the neutral element verifies what nobody signed: why it is refused', () => {
  const forged = '01'.padEnd(64, '0') + '0'.repeat(64)
  expect(isSignatureOf(coordinate(1n), Buffer.from('anything'), forged)).toBe(true)
})

test('a key is read back from its text, and other kinds are refused', () => {
  const { publicKey } = generateKeyPairSync('ed25519')
  expect(publicKeyOf(officerKeyOf(publicKey)).equals(publicKey)).toBe(true)
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  expect(() => officerKeyOf(createPublicKey(p256.privateKey))).toThrow('no Ed25519 key')
})

test.each(['', ' x', 'x ', 'a\nb', 'a\u202eb', 'a\u200bb', 'a\u0000', '\ud800', 'x'.repeat(65)])(
  'a name is refused: %j',
  (name) => expect(OfficerName.safeParse(name).success).toBe(false),
)

test('spellings of one name are one person', () => {
  expect(new Set(['José  Li', 'JOSE\u0301 LI', 'ｊosé li'].map(personOf)).size).toBe(1)
  expect(personOf('Ｌi  Straße')).toBe('li straße')
  expect(personOf('王伟')).not.toBe(personOf('王玮'))
})

test('what is signed begins with its kind, and is the same whatever order it was written in', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  const [one, other] = [
    { installation: digest, proposal: digest, reason: 'r' },
    { reason: 'r', proposal: digest, installation: digest },
  ].map((statement) => Buffer.from(signedBytes('rule-withdrawal', statement as never)))
  expect(one).toEqual(other)
  expect(one?.subarray(0, 25).toString()).toBe('aptus rule-withdrawal v1\n')
})
