import { readFileSync } from 'node:fs'
import { type Digest } from '../../features/schema/ids.js'
import { compositionIn, compositionOf } from './composition.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const [base, firm] = ['a', 'b'].map((digit) => `sha256:${digit.repeat(64)}` as Digest)
if (base === undefined || firm === undefined) throw new Error('two were made')

test('the two digests are read back; the text, spelled out, is what their common digest is taken of', () => {
  const text = compositionOf({ base, firm })
  expect(text).toBe(`{"format":"aptus-pack-composition/1","base":"${base}","firm":"${firm}"}`)
  expect(compositionIn(bytes(text))).toEqual({ base, firm })
})

test('the bytes of a pack are no composition', () => {
  expect(compositionIn(readFileSync('packs/cn-2026.yaml'))).toBeNull()
  expect(compositionIn(bytes(''))).toBeNull()
})

test.each([
  ['a digest cut short', compositionOf({ base, firm }).replace('bb', '')],
  ['a field more', compositionOf({ base, firm }).replace('}', ',"more":1}')],
  ['its end', compositionOf({ base, firm }).slice(0, -1)],
])('a composition with %s wrong is refused', (_, text) => {
  expect(() => compositionIn(bytes(text))).toThrow()
})
