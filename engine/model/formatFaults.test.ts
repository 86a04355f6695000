import { readFileSync } from 'node:fs'
import { counted } from '../../tests/full.js'
import { modelArtifacts } from '../../tests/modelArtifacts.js'
import { mutatedFile } from '../../tests/mutatedFile.js'
import { type Artifact, encodeArtifact } from './artifact.js'
import { tensorFormats } from './format.js'
import { formatFaults } from './formatFaults.js'
import { loadModel, modelKinds } from './model.js'

const factors = modelArtifacts['item-factors']!
const without = (artifact: Artifact, name: string): Artifact => ({
  ...artifact,
  tensors: Object.fromEntries(Object.entries(artifact.tensors).filter(([other]) => other !== name)),
})

test('there is a format of every kind, and the page tells every tensor of it', () => {
  expect(Object.keys(tensorFormats).sort()).toEqual([...modelKinds].sort())
  const page = readFileSync('docs/model-format.md', 'utf8')
  for (const [kind, formats] of Object.entries(tensorFormats)) {
    expect(page).toContain(`## ${kind}\n`)
    for (const { name, dtype, shape, says } of formats)
      expect(page.replace(/ +/g, ' ')).toContain(`| \`${name}\` | ${dtype} | ${shape.join('×')} | ${says}`)
  }
})

test.each(Object.entries(modelArtifacts))(
  '%s: a sound file has no fault, and without a tensor it has',
  (_, artifact) => {
    expect(formatFaults(encodeArtifact(artifact))).toEqual([])
    const formats = tensorFormats[artifact.metadata['kind'] ?? ''] ?? []
    for (const { name, optional } of formats) {
      const faults = formatFaults(encodeArtifact(without(artifact, name)))
      if (optional !== true) expect(faults.join()).toContain(`tensor ${name} is missing`)
    }
  },
)

test('every fault is told at once', () => {
  const broken: Artifact = {
    metadata: { ...factors.metadata, format: 'mine' },
    tensors: {
      popularity: { shape: [6], data: Float32Array.from([1, -2, 3, Number.NaN, 5, 6]) },
      products: { shape: [6, 4], data: new Float64Array(24) },
      history: { shape: [6, 3], data: new Float32Array(18) },
    },
  }
  expect(formatFaults(encodeArtifact(broken))).toEqual([
    '__metadata__.format is "mine", want "aptus-model/1"',
    'tensor popularity holds -2 at 1, NaN at 3; want 0 or more, up to 1e18',
    'tensor products is F64 of 6×4, want F32 of 6×4',
    'tensor history is F32 of 6×3, want F32 of 6×4',
  ])
})

test('what is told sound loads, and what loads is told sound', () => {
  for (const artifact of Object.values(modelArtifacts))
    for (let seed = 0; seed < counted(300); seed++) {
      const bytes = mutatedFile(encodeArtifact(artifact), seed)
      const loads = () => void loadModel(bytes)
      const faults = formatFaults(bytes)
      if (faults.length === 0) expect(loads).not.toThrow()
      else expect(loads).toThrow('model file: ')
    }
})
