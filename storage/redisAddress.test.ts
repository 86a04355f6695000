import { readRedisAddress, wordsOfAddress } from './redisAddress.js'

test.each([
  ['redis://h', false, 'h:6379'],
  ['redis://h:7000/2', false, 'h:7000'],
  ['redis+cluster://h:7000', true, 'h:7000'],
  ['redis+cluster://h1:7000,h2:7001', true, 'h1:7000, h2:7001'],
  ['redis://h1:7000,redis://h2:7001', true, 'h1:7000, h2:7001'],
  ['redis://u:p@h1:7000,h2', true, 'h1:7000, h2:6379'],
  ['redis+cluster://[::1]:7000', true, '::1:7000'],
])('%s', (text, cluster, words) => {
  const address = readRedisAddress(text)
  expect([address?.cluster, address === null ? null : wordsOfAddress(address)]).toEqual([cluster, words])
})

test('user and password count for all, decoded; TLS by the scheme', () => {
  expect(readRedisAddress('rediss://us%40er:p%2Fw@h1,h2')).toMatchObject({
    username: 'us@er',
    password: 'p/w',
    tls: true,
  })
  expect(readRedisAddress('redis://h')).toMatchObject({ username: null, password: null, tls: false })
})

test.each(['', 'h:6379', 'http://h', 'redis://', 'redis://h1,', 'redis://h:port', 'redis://h1:1,http://h2'])(
  '%s is none',
  (text) => expect(readRedisAddress(text)).toBeNull(),
)
