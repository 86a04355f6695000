import { seeded } from './randomMarket.js'

type Random = ReturnType<typeof seeded>
type Header = Record<string, Record<string, unknown>>
const below = (random: Random, n: number): number => Math.floor(random() * n)
const oneOf = <T>(random: Random, values: readonly T[]): T => values[below(random, values.length)] as T

/** The bytes of a safetensors file of this header, as text, and body. */
function joined(header: string, body: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(header)
  const bytes = new Uint8Array(8 + text.length + body.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  bytes.set(body, 8 + text.length)
  return bytes
}

function parts(bytes: Uint8Array): { header: Header; body: Uint8Array } {
  const end = 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  return { header: JSON.parse(new TextDecoder().decode(bytes.subarray(8, end))) as Header, body: bytes.slice(end) }
}

const namesOf = (header: Header): string[] => Object.keys(header).filter((name) => name !== '__metadata__')

const strangeSizes = [0, 1, -1, 2.5, 2 ** 31, 2 ** 53, 1e300, null, '4', [4]]
const strangeTexts = [
  '',
  '0',
  '-1',
  'NaN',
  '1e999',
  '1e300',
  '[]',
  '{}',
  '["P0","P0"]',
  'aptus-model/2',
  '\u0000',
  '['.repeat(2000),
]
const kinds = ['popularity', 'ials', 'content', 'two-tower', 'item-factors', 'blend', 'none']
const strangeValues = [NaN, Infinity, -Infinity, 3.4e38, -3.4e38, 1e-45, -0, -1]

/** Changes one thing of the header; what it says of the body is then untrue, or means another model. */
const headerEdits: Readonly<Record<string, (header: Header, random: Random) => void>> = {
  swappedShapes: (header, random) => {
    const [a, b] = [oneOf(random, namesOf(header)), oneOf(random, namesOf(header))]
    ;[header[a]!['shape'], header[b]!['shape']] = [header[b]!['shape'], header[a]!['shape']]
  },
  reversedShape: (header, random) => {
    const entry = header[oneOf(random, namesOf(header))]!
    entry['shape'] = [...(entry['shape'] as number[])].reverse()
  },
  foldedShape: (header, random) => {
    const entry = header[oneOf(random, namesOf(header))]!
    entry['shape'] = [(entry['shape'] as number[]).reduce((product, size) => product * size, 1)]
  },
  otherDtype: (header, random) => {
    header[oneOf(random, namesOf(header))]!['dtype'] = oneOf(random, ['F32', 'F64', 'I32', 'F16', 'toString', 4, null])
  },
  halvedWidth: (header, random) => {
    const entry = header[oneOf(random, namesOf(header))]!
    entry['dtype'] = 'F64'
    entry['shape'] = [Math.floor((entry['shape'] as number[]).reduce((product, size) => product * size, 1) / 2)]
  },
  swappedOffsets: (header, random) => {
    const [a, b] = [oneOf(random, namesOf(header)), oneOf(random, namesOf(header))]
    ;[header[a]!['data_offsets'], header[b]!['data_offsets']] = [header[b]!['data_offsets'], header[a]!['data_offsets']]
  },
  strangeSize: (header, random) => {
    const list = header[oneOf(random, namesOf(header))]![oneOf(random, ['shape', 'data_offsets'])] as unknown[]
    list[below(random, list.length)] = oneOf(random, strangeSizes)
  },
  absentTensor: (header, random) => void delete header[oneOf(random, namesOf(header))],
  renamedTensor: (header, random) => {
    const name = oneOf(random, namesOf(header))
    header[oneOf(random, ['__proto__', 'constructor', 'x', '', 'history', 'gram'])] = header[name]!
    delete header[name]
  },
  strangeEntry: (header, random) => {
    header[oneOf(random, Object.keys(header))] = oneOf(random, [null, 7, [], {}, 'x']) as Record<string, unknown>
  },
  strangeText: (header, random) => {
    const metadata = header['__metadata__']!
    metadata[oneOf(random, Object.keys(metadata))] = oneOf<unknown>(random, [...strangeTexts, 7, null, {}])
  },
  otherKind: (header, random) => void (header['__metadata__']!['kind'] = oneOf(random, kinds)),
  absentText: (header, random) => {
    const metadata = header['__metadata__']!
    delete metadata[oneOf(random, Object.keys(metadata))]
  },
}

function repeatedInHeader(text: string, header: Header, random: Random): string {
  const name = oneOf(random, Object.keys(header))
  return `${text.slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(header[oneOf(random, Object.keys(header))])}}`
}

/** Changes the bytes themselves. */
const byteEdits: Readonly<Record<string, (bytes: Uint8Array, random: Random) => Uint8Array>> = {
  flippedBits: (bytes, random) => {
    const changed = bytes.slice()
    for (let times = 1 + below(random, 3); times > 0; times--) {
      const at = below(random, changed.length)
      changed[at] = changed[at]! ^ (1 << below(random, 8))
    }
    return changed
  },
  truncated: (bytes, random) => bytes.slice(0, below(random, bytes.length)),
  lengthened: (bytes, random) => Uint8Array.from([...bytes, ...Array.from({ length: 1 + below(random, 9) }, () => 0)]),
  cleared: (bytes, random) => bytes.slice().fill(0, below(random, bytes.length)),
  doubled: (bytes, random) => {
    const at = below(random, bytes.length)
    return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(Math.max(0, at - 8))])
  },
  headerLength: (bytes, random) => {
    const changed = bytes.slice()
    const length = oneOf(random, [0n, 1n, 7n, 2n ** 31n, 2n ** 53n, 2n ** 64n - 1n, BigInt(bytes.length - 8)])
    new DataView(changed.buffer).setBigUint64(0, length, true)
    return changed
  },
  strangeWeight: (bytes, random) => {
    const { header, body } = parts(bytes)
    const { dtype, data_offsets: offsets } = header[oneOf(random, namesOf(header))]!
    const [from, to] = offsets as [number, number]
    const width = dtype === 'F64' ? 8 : 4
    const at = from + width * below(random, (to - from) / width)
    const view = new DataView(body.buffer)
    if (width === 8) view.setFloat64(at, oneOf(random, [...strangeValues, 1e308, 5e-324]), true)
    else view.setFloat32(at, oneOf(random, strangeValues), true)
    return joined(JSON.stringify(header), body)
  },
  repeatedName: (bytes, random) => {
    const { header, body } = parts(bytes)
    return joined(repeatedInHeader(JSON.stringify(header), header, random), body)
  },
}

const withHeader =
  (edit: (header: Header, random: Random) => void) =>
  (bytes: Uint8Array, random: Random): Uint8Array => {
    const { header, body } = parts(bytes)
    edit(header, random)
    return joined(JSON.stringify(header), body)
  }

const edits = [...Object.values(byteEdits), ...Object.values(headerEdits).map(withHeader)]

/** A model file with one thing changed, by the seed; never the bytes that were given. */
export function mutatedFile(bytes: Uint8Array, seed: number): Uint8Array {
  const random = seeded(seed)
  for (;;) {
    const changed = edits[seed % edits.length]!(bytes, random)
    if (!Buffer.from(changed).equals(bytes)) return changed
    // What an edit cannot change in this file, another does.
    const other = oneOf(random, edits)(bytes, random)
    if (!Buffer.from(other).equals(bytes)) return other
  }
}
