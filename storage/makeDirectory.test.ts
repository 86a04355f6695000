import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { makeDirectory } from './makeDirectory.js'

test.each(['one', join('one', 'two', 'three'), ''])(
  'makes what is absent of "%s", and again without a word',
  async (below) => {
    const dir = await mkdtemp(join(tmpdir(), 'make-directory-'))
    for (const path of [join(dir, below), relative(process.cwd(), join(dir, below))]) {
      await makeDirectory(path)
      expect((await stat(path)).isDirectory()).toBe(true)
    }
    await rm(dir, { recursive: true })
  },
)

test('a relative path, too, and a file in the way is an error', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'make-directory-'))
  const path = relative(process.cwd(), join(dir, 'a', 'b'))
  await makeDirectory(path)
  expect((await stat(path)).isDirectory()).toBe(true)
  await expect(makeDirectory(join('package.json', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' })
  await rm(dir, { recursive: true })
})
