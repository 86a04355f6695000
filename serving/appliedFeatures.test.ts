import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allFeatures } from '../features/definitions/catalogue.js'
import { featureId } from '../features/definitions/feature.js'
import { noteApplied, planFeatures } from './appliedFeatures.js'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aptus-applied-'))
})
afterEach(() => rm(dir, { recursive: true }))

type File = { features: Record<string, string> }
const file = (): string => join(dir, 'features.json')
const changed = async (change: (held: File['features']) => void): Promise<void> => {
  const held = JSON.parse(await readFile(file(), 'utf8')) as File
  change(held.features)
  await writeFile(file(), JSON.stringify(held))
}

test('all are new where none was applied; none once they were', async () => {
  const all = allFeatures.map(featureId)
  expect(await planFeatures(dir)).toEqual({ appliedAt: null, added: all, removed: [], changed: [] })
  await noteApplied(dir, 1_000)
  expect(await planFeatures(dir)).toEqual({ appliedAt: 1_000, added: [], removed: [], changed: [] })
})

test('what came, what went, and what was defined otherwise under the same version', async () => {
  await noteApplied(dir, 1_000)
  await changed((held) => {
    delete held['age@1']
    held['mood@1'] = held['horizon@1'] ?? ''
    held['horizon@1'] = `sha256:${'0'.repeat(64)}`
  })
  expect(await planFeatures(dir)).toMatchObject({ added: ['age@1'], removed: ['mood@1'], changed: ['horizon@1'] })
})

test('a damaged file is told, with what to do', async () => {
  await writeFile(file(), '{')
  await expect(planFeatures(dir)).rejects.toThrow('features.json cannot be read: delete it')
})
