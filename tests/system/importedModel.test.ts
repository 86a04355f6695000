import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { aptus, expectSentence, inFolder, isBuilt, jsonOf } from './aptus.js'

const suite = isBuilt('tests/system/importedModel.test.ts') ? describe : describe.skip
const Page = z.array(z.looseObject({ id: z.string() }))

/** Bytes by hand, as another language would write them: [n, 2] item factors in which each product is like itself alone. */
function modelOf(ids: readonly string[], dtype = 'F32'): Uint8Array {
  const n = ids.length
  const values = Float32Array.from({ length: n }, (_, row) => n - row)
  const vectors = Float32Array.from({ length: 2 * n }, (_, at) => (at % 2 === 0 ? Math.cos(at) : Math.sin(at)))
  const metadata = { format: 'aptus-model/1', kind: 'item-factors', productIds: JSON.stringify(ids) }
  const header = JSON.stringify({
    __metadata__: metadata,
    popularity: { dtype, shape: [n], data_offsets: [0, 4 * n] },
    products: { dtype: 'F32', shape: [n, 2], data_offsets: [4 * n, 12 * n] },
    history: { dtype: 'F32', shape: [n, 2], data_offsets: [12 * n, 20 * n] },
  })
  const text = Buffer.from(header.padEnd(Math.ceil(header.length / 8) * 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, ...[values, vectors, vectors].map(({ buffer }) => Buffer.from(buffer))])
}

/** The snippet of docs/model-format.md; false, told aloud, where Python or numpy is absent. */
async function madeInPython(dir: string, ids: readonly string[]): Promise<boolean> {
  const python = process.env['APTUS_PYTHON'] ?? 'python3'
  if (spawnSync(python, ['-c', 'import numpy']).status !== 0) {
    console.warn('skipped: the snippet of docs/model-format.md, for python3 with numpy is absent')
    return false
  }
  await writeFile(join(dir, 'products.json'), JSON.stringify(ids))
  const snippet = /```python\n([^]*?)```/.exec(await readFile('docs/model-format.md', 'utf8'))?.[1] ?? ''
  const some = `import numpy as np\nnp.save("bought.npy", (np.random.default_rng(1).random((40, ${ids.length})) < 0.2))\n`
  const ran = spawnSync(python, ['-c', some + snippet], { cwd: dir, encoding: 'utf8' })
  expect(ran.stderr).toBe('')
  return true
}

suite('a model made elsewhere', () => {
  test(
    'its faults are named; it is registered, promoted and serves; so is one of numpy',
    () =>
      inFolder(async (dir) => {
        const data = join(dir, 'data')
        const on = (...args: string[]): Promise<unknown> => jsonOf([...args, '--data', data])
        await on('import', 'csv', 'examples/data')
        const ids = Page.parse(await on('products', 'list')).map(({ id }) => id)
        const [file, config] = [join(dir, 'model.safetensors'), join(dir, 'model.yaml')]
        await writeFile(config, 'kind: imported\nmadeWith: bytes by hand\nparameters: { d: 2 }\n')

        await writeFile(file, modelOf(ids, 'I32'))
        const faulty = await aptus(['models', 'check', file])
        expect([faulty.code, faulty.stdout.trim()]).toEqual([
          1,
          `tensor popularity is I32 of ${ids.length}, want F32 of ${ids.length}`,
        ])
        const refused = await aptus(['models', 'import', file, '--config', config, '--data', data])
        expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('tensor popularity is I32')])
        expectSentence(refused, dir)

        await writeFile(file, modelOf(ids))
        expect(await on('models', 'check', file)).toEqual({ faults: [] })
        const run = z.looseObject({ id: z.string() }).parse(await on('models', 'import', file, '--config', config))
        const overridden = ['judged', 'violations', 'decide-p99'].flatMap((gate) => ['--override', gate])
        const because = [...overridden, '--reason', 'made for a test']
        const served = await on('models', 'promote', run.id, ...because)
        expect(served).toMatchObject({ act: 'promote', runId: run.id })
        const { release } = z.looseObject({ release: z.string() }).parse(served)
        const investors = Page.parse(await on('investors', 'list')).map(({ id }) => id)
        const kinds: unknown[] = []
        for (const id of investors.slice(0, 2)) {
          const { stdout } = await aptus(['recommend', id, '--data', data, '--json'])
          kinds.push((JSON.parse(stdout) as { release?: unknown }).release)
        }
        expect(kinds).toContain(release)

        if (!(await madeInPython(dir, ids))) return
        const svd = join(dir, 'svd.safetensors')
        expect(await on('models', 'check', svd)).toEqual({ faults: [] })
        expect(await on('models', 'import', svd, '--config', config)).toMatchObject({
          metrics: { knownProducts: ids.length },
        })
      }),
    120_000,
  )
})
