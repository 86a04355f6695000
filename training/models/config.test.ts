import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelConfig, parseModelConfig, readModelConfig } from './config.js'

const dir = 'training/configs'

test('every config of the repository is valid', async () => {
  const files = (await readdir(dir)).filter((file) => file.endsWith('.yaml'))
  expect(files.length).toBeGreaterThan(2)
  for (const file of files) await expect(readModelConfig(join(dir, file))).resolves.toHaveProperty('kind')
})

test('auto.yaml states the defaults, so that the two cannot drift apart unseen', async () => {
  const auto = parseModelConfig(await readFile(join(dir, 'auto.yaml'), 'utf8'), 'auto.yaml')
  expect(auto).toEqual(ModelConfig.parse({ kind: 'auto' }))
})

test.each([
  ['no YAML', 'kind: [', 'x.yaml: no valid YAML'],
  ['unknown kind', 'kind: magic', 'x.yaml: kind'],
  ['out of range', 'kind: ials\nlambda: -1', 'x.yaml: lambda'],
  ['unknown field', 'kind: ials\nlamda: 1', 'lamda'],
  ['two faults', 'kind: ials\nnu: 2\ndimension: 0', 'dimension'],
  ['empty', '', 'x.yaml: top level'],
])('refuses %s', (_case, text, message) => expect(() => parseModelConfig(text, 'x.yaml')).toThrow(message))

test('a config that is absent is named', async () => {
  await expect(readModelConfig('nowhere/x.yaml')).rejects.toThrow('x.yaml')
})
