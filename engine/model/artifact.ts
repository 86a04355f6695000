import { repeatedName } from './repeatedName.js'

/**
 * A model's bytes, in the safetensors layout (https://huggingface.co/docs/safetensors): eight bytes of little-endian
 * header length, a JSON header, then the tensors' bytes without gaps. Python reads and writes the same file.
 */
export type TensorData = Float32Array | Float64Array | Int32Array
export type Tensor = { readonly shape: readonly number[]; readonly data: TensorData }
export type Artifact = {
  readonly metadata: Readonly<Record<string, string>>
  readonly tensors: Readonly<Record<string, Tensor>>
}

const dtypes = {
  F32: { bytes: 4, view: (buffer: ArrayBuffer) => new Float32Array(buffer) },
  F64: { bytes: 8, view: (buffer: ArrayBuffer) => new Float64Array(buffer) },
  I32: { bytes: 4, view: (buffer: ArrayBuffer) => new Int32Array(buffer) },
} as const
type Dtype = keyof typeof dtypes

const maxHeaderBytes = 100_000_000

const dtypeOf = (data: TensorData): Dtype =>
  data.BYTES_PER_ELEMENT === 8 ? 'F64' : Object.prototype.toString.call(data) === '[object Int32Array]' ? 'I32' : 'F32'

const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/** Deterministic: tensors in code-unit order of their names, the header padded with spaces to a multiple of 8. */
export function encodeArtifact({ metadata, tensors }: Artifact): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: sorted(metadata) }
  const names = Object.keys(tensors).sort()
  let end = 0
  for (const name of names) {
    const { shape, data } = tensors[name]!
    if (elements(shape) !== data.length)
      throw new Error(`tensor ${name}: shape ${shape.join('×')} but ${data.length} values`)
    header[name] = { dtype: dtypeOf(data), shape: [...shape], data_offsets: [end, end + data.byteLength] }
    end += data.byteLength
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const headerBytes = Math.ceil(json.length / 8) * 8
  const bytes = new Uint8Array(8 + headerBytes + end).fill(0x20, 8, 8 + headerBytes)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true)
  bytes.set(json, 8)
  let offset = 8 + headerBytes
  for (const name of names) {
    const { data } = tensors[name]!
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset)
    offset += data.byteLength
  }
  return bytes
}

/** Throws an `Error` that says which part of the file is not as the format wants it; never returns half a model. */
export function decodeArtifact(bytes: Uint8Array): Artifact {
  if (bytes.length < 8) throw new Error(`model file: ${bytes.length} bytes are too few for a header`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerBytes = view.getBigUint64(0, true)
  if (headerBytes > BigInt(Math.min(maxHeaderBytes, bytes.length - 8)))
    throw new Error(`model file: header of ${headerBytes} bytes does not fit into ${bytes.length}`)
  const start = 8 + Number(headerBytes)
  const header = parseHeader(bytes.subarray(8, start))
  const metadata = readMetadata(header['__metadata__'])
  const tensors: Record<string, Tensor> = Object.create(null) as Record<string, Tensor>
  let expected = 0
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue
    const { tensor, end } = readTensor(name, entry, expected, bytes.subarray(start))
    tensors[name] = tensor
    expected = end
  }
  if (expected !== bytes.length - start)
    throw new Error(`model file: ${bytes.length - start - expected} bytes after the last tensor`)
  return { metadata, tensors }
}

const sorted = (record: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let [text, parsed]: [string, unknown] = ['', null]
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    parsed = JSON.parse(text)
  } catch (error) {
    throw new Error(`model file: the header is no JSON (${String(error)})`, { cause: error })
  }
  if (!isRecord(parsed)) throw new Error('model file: the header is no JSON object')
  const repeated = repeatedName(text)
  if (repeated !== null) throw new Error(`model file: the header names ${repeated} twice`)
  return parsed
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readMetadata(value: unknown): Record<string, string> {
  if (!isRecord(value)) throw new Error('model file: __metadata__ is missing from the header')
  const metadata: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw new Error(`model file: __metadata__.${key} is no text`)
    metadata[key] = text
  }
  return metadata
}

function readTensor(name: string, entry: unknown, expected: number, body: Uint8Array): { tensor: Tensor; end: number } {
  const fault = (what: string): Error => new Error(`model file: tensor ${name}: ${what}`)
  if (!isRecord(entry)) throw fault('its header entry is no object')
  const { dtype, shape, data_offsets: offsets } = entry
  if (typeof dtype !== 'string' || !Object.hasOwn(dtypes, dtype)) throw fault('dtype must be F32, F64 or I32')
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2)
    throw fault('shape or data_offsets are no whole numbers')
  const [begin, end] = offsets as [number, number]
  const { bytes: width, view } = dtypes[dtype as Dtype]
  if (begin !== expected) throw fault(`begins at ${begin}, want ${expected}`)
  if (end - begin !== elements(shape) * width || end > body.length)
    throw fault(`${end - begin} bytes do not hold ${shape.join('×')} of ${dtype}`)
  // A copy: aligned, and no view of the caller's buffer. Not slice(): of a Buffer that is a view of the whole file.
  return { tensor: { shape, data: view(new Uint8Array(body.subarray(begin, end)).buffer) }, end }
}

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
