import { plainJson } from './plainJson.js'

test.each<[unknown, unknown]>([
  [12n, 12],
  [2n ** 60n, '1152921504606846976'],
  [Uint8Array.of(1, 171), '01ab'],
  [new Map<unknown, unknown>([['a', [1n]]]), { a: [1] }],
  [
    { a: null, b: [{ c: 'text' }], d: undefined },
    { a: null, b: [{ c: 'text' }] },
  ],
  ['erased', 'erased'],
])('%p', (value, plain) => expect(JSON.parse(JSON.stringify(plainJson(value)))).toEqual(plain))
