import { isBuilt } from '../tests/system/aptus.js'
import { binariesOf, differences, type Digests, digestsOn } from './determinism.js'

const suite = isBuilt('benchmarks/determinism.test.ts') ? describe : describe.skip
const small = { products: 120, investors: 400, days: 200 }

suite('on this Node', () => {
  test('two processes make the same bytes of the same seed; another market has others', async () => {
    const [first, second] = [await digestsOn(process.execPath, small), await digestsOn(process.execPath, small)]
    expect(second).toEqual(first)
    expect(first.personal).toBeGreaterThan(20)
    expect(first.node).toBe(process.version)
    const other = await digestsOn(process.execPath, { ...small, investors: 401 })
    for (const what of ['data', 'model', 'run', 'release', 'slates'] as const) expect(other[what]).not.toBe(first[what])
  }, 180_000)
})

const made: Digests = {
  node: 'v20',
  backend: 'wasm',
  data: 'd',
  model: 'm',
  run: 'r',
  release: 'l',
  slates: 's',
  personal: 9,
}

test('each digest that differs from the first run is told, with both versions', () => {
  expect(differences([made, { ...made, node: 'v22' }])).toEqual([])
  expect(differences([made, made, { ...made, node: 'v24', model: 'x', slates: 'y' }])).toEqual([
    'model: v24 made x, v20 made m',
    'slates: v24 made y, v20 made s',
  ])
})

test('binaries are those named, or the running one', () => {
  expect(binariesOf(undefined)).toEqual([process.execPath])
  expect(binariesOf('20=/a/node,22=/b=c/node')).toEqual(['/a/node', '/b=c/node'])
  expect(() => binariesOf('/a/node')).toThrow('APTUS_NODES: got "/a/node"')
})
