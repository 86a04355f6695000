import { modelArtifacts } from '../../tests/modelArtifacts.js'
import { type Artifact, encodeArtifact, type Tensor } from './artifact.js'
import { loadModel } from './model.js'
import { repeatedName } from './repeatedName.js'

const withTensor = (kind: string, name: string, change: (tensor: Tensor) => Tensor): Artifact => {
  const artifact = modelArtifacts[kind]!
  return { ...artifact, tensors: { ...artifact.tensors, [name]: change(artifact.tensors[name]!) } }
}
const valued =
  (values: (at: number) => number) =>
  ({ shape, data }: Tensor): Tensor => ({ shape, data: data.map((_: number, at: number) => values(at)) })

test.each([
  ['a weight whose sums overflow', 'item-factors', 'history', valued(() => 3e38), /history holds 3/],
  ['popularity below 0', 'popularity', 'popularity', valued((at) => 3 - at), /popularity holds a negative/],
  ['vectors of no length', 'content', 'products', () => ({ shape: [6, 0], data: new Float32Array(0) }), /no columns/],
  ['a gram matrix that no vectors have', 'ials', 'gram', valued((at) => (at % 5 === 0 ? -1 : 0)), /semi-definite/],
  ['λ below rounding', 'ials', 'lambdaBySize', valued((at) => (at === 3 ? 1e-15 : 1)), /lambdaBySize holds 1e-15/],
  ['λ of nothing', 'ials', 'lambdaBySize', valued(() => 0), /lambdaBySize holds 0/],
  ['vectors too long for λ', 'ials', 'products', valued(() => 1e9), /too little beside gram and products/],
])('%s is found when the file is read, not at a request', (_case, kind, name, change, message) => {
  expect(() => loadModel(encodeArtifact(withTensor(kind, name, change)))).toThrow(message)
})

test.each([
  ['{"a":1,"b":{"a":2}}', null],
  ['{"a":1,"b":2,"a":3}', 'a'],
  ['{"b":{"shape":[1],"shape" : [2]}}', 'shape'],
  ['{"a":"b\\":","b":[{"a":1},{"a":1}]}', null],
  ['{"\\u0061":1,"a":2}', 'a'],
  ['{"a":"a","b":"a\\\\"}', null],
])('the name that %s gives twice: %s', (json, name) => expect(repeatedName(json)).toBe(name))
