import { type Artifact, decodeArtifact, type Tensor } from './artifact.js'
import { type Size, type TensorFormat, tensorFormats } from './format.js'
import { loadModel } from './model.js'

const mostNamed = 3

/**
 * All that is wrong with a model's file, each in a sentence that says what is wanted; none where it can be served. Of a
 * file that is not in the layout of safetensors the first fault alone can be told.
 */
export function formatFaults(bytes: Uint8Array): readonly string[] {
  let artifact: Artifact
  try {
    artifact = decodeArtifact(bytes)
  } catch (error) {
    return [said(error)]
  }
  const found = [...metadataFaults(artifact), ...tensorFaults(artifact)]
  if (found.length > 0) return found
  try {
    loadModel(bytes)
    return []
  } catch (error) {
    return [said(error)]
  }
}

const said = (error: unknown): string => (error as Error).message.replace(/^model file: /, '')

function metadataFaults({ metadata }: Artifact): string[] {
  const { format, kind = '', productIds } = metadata
  const kinds = Object.keys(tensorFormats)
  return [
    ...(format === 'aptus-model/1' ? [] : [`__metadata__.format is ${quoted(format)}, want "aptus-model/1"`]),
    ...(kinds.includes(kind)
      ? []
      : [`__metadata__.kind is ${quoted(metadata['kind'])}, want one of ${kinds.join(', ')}`]),
    ...(idsOf(productIds) === null ? ['__metadata__.productIds is no JSON list of texts'] : []),
  ]
}

const quoted = (text: string | undefined): string => (text === undefined ? 'missing' : JSON.stringify(text))

function idsOf(text: string | undefined): readonly string[] | null {
  try {
    const parsed: unknown = JSON.parse(text ?? '')
    return Array.isArray(parsed) && parsed.every((id): id is string => typeof id === 'string') ? parsed : null
  } catch {
    return null
  }
}

/** A letter is bound by the ids (n), then by the first tensor that has it. */
function tensorFaults({ metadata, tensors }: Artifact): string[] {
  const ids = idsOf(metadata['productIds'])
  const bound = new Map<string, number>(ids === null ? [] : [['n', ids.length]])
  const kind = metadata['kind'] ?? ''
  const formats = Object.hasOwn(tensorFormats, kind) ? (tensorFormats[kind] ?? []) : []
  // Item factors without vectors of products hold the whole matrix.
  if (kind === 'item-factors' && tensors['products'] === undefined && ids !== null) bound.set('d', ids.length)
  return formats.flatMap((format) => {
    const tensor = tensors[format.name]
    if (tensor !== undefined) return [...shapeFaults(format, tensor, bound), ...valueFaults(format, tensor)]
    return format.optional === true
      ? []
      : [`tensor ${format.name} is missing: ${wanted(format, bound)}, ${format.says}`]
  })
}

const wanted = ({ dtype, shape }: TensorFormat, bound: ReadonlyMap<string, number>): string =>
  `want ${dtype} of ${shape.map((size) => sizeOf(size, bound) ?? size).join('×')}`

function sizeOf(size: Size, bound: ReadonlyMap<string, number>): number | undefined {
  if (typeof size === 'number') return size
  const [, times = '1', letter = '', more = '0'] = /^(\d?)([a-z])(?:\+(\d))?$/.exec(size) ?? []
  const value = bound.get(letter)
  return value === undefined ? undefined : value * Number(times === '' ? 1 : times) + Number(more)
}

function shapeFaults(format: TensorFormat, { shape, data }: Tensor, bound: Map<string, number>): string[] {
  if (shape.length === format.shape.length)
    format.shape.forEach((size, axis) => {
      if (typeof size === 'string' && size.length === 1 && !bound.has(size)) bound.set(size, shape[axis] ?? 0)
    })
  const isRight =
    shape.length === format.shape.length && format.shape.every((size, axis) => sizeOf(size, bound) === shape[axis])
  const isTyped = dtypeOf(data) === format.dtype
  return isRight && isTyped
    ? []
    : [`tensor ${format.name} is ${dtypeOf(data)} of ${shape.join('×')}, ${wanted(format, bound)}`]
}

/** By name: tests run in another realm than the decoder, where instanceof fails. */
const dtypeOf = (data: Tensor['data']): TensorFormat['dtype'] =>
  data.BYTES_PER_ELEMENT === 8 ? 'F64' : Object.prototype.toString.call(data) === '[object Int32Array]' ? 'I32' : 'F32'

function valueFaults({ name }: TensorFormat, { data }: Tensor): string[] {
  const isWrong = (value: number): boolean => !(Math.abs(value) <= 1e18) || (name === 'popularity' && value < 0)
  const wrong: number[] = []
  let count = 0
  data.forEach((value, place) => {
    if (isWrong(value) && ++count <= mostNamed) wrong.push(place)
  })
  if (count === 0) return []
  const named = wrong.map((place) => `${data[place]} at ${place}`).join(', ')
  const want = name === 'popularity' ? '0 or more, up to 1e18' : 'finite numbers up to 1e18'
  return [`tensor ${name} holds ${named}${count > mostNamed ? ` and ${count - mostNamed} others` : ''}; want ${want}`]
}
