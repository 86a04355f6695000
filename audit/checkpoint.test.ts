import { parseCheckpoint, textOfCheckpoint } from './checkpoint.js'
import { emptyRoot } from './merkle/hashing.js'

const root = emptyRoot.toString('base64')
const text = `aptus.invalid/ledger/5f0d2c6a9b1e4477\n1000\n${root}\n`

test('a checkpoint’s text says what it was made of', () => {
  const checkpoint = { origin: 'aptus.invalid/ledger/5f0d2c6a9b1e4477', size: 1000, root: emptyRoot }
  expect(textOfCheckpoint(checkpoint)).toBe(text)
  expect(parseCheckpoint(text)).toEqual(checkpoint)
})

test.each([
  ['a zero ahead', text.replace('1000', '01000')],
  ['a size beyond what is counted exactly', text.replace('1000', '9007199254740993')],
  ['a sign', text.replace('1000', '+1000')],
  ['a root that is too short', text.replace(root, Buffer.alloc(31).toString('base64'))],
  // The last character before the padding has two bits to spare.
  ['base64 of another spelling', text.replace('hSuFU=', 'hSuFV=')],
  ['a further line', `${text}more\n`],
  ['no end of the last line', text.slice(0, -1)],
  ['no origin', text.slice(text.indexOf('\n'))],
])('%s is none', (_, wrong) => {
  expect(wrong).not.toBe(text)
  expect(parseCheckpoint(wrong)).toBeNull()
})
