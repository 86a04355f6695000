import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commitOf } from './commit.js'

const id = '0123456789abcdef0123456789abcdef01234567'

test.each<[string, Record<string, string>, string | null]>([
  ['a branch', { HEAD: 'ref: refs/heads/main\n', 'refs/heads/main': `${id}\n` }, id],
  [
    'a branch that was packed',
    { HEAD: 'ref: refs/heads/main\n', 'packed-refs': `# pack\n${id} refs/heads/main\n` },
    id,
  ],
  ['no branch', { HEAD: `${id}\n` }, id],
  ['a branch without a commit', { HEAD: 'ref: refs/heads/main\n' }, null],
  ['no repository', {}, null],
])('%s', async (_case, files, commit) => {
  const dir = await mkdtemp(join(tmpdir(), 'commit-'))
  try {
    await mkdir(join(dir, '.git', 'refs', 'heads'), { recursive: true })
    for (const [name, text] of Object.entries(files)) await writeFile(join(dir, '.git', name), text)
    expect(commitOf(dir)).toBe(commit)
  } finally {
    await rm(dir, { recursive: true })
  }
})
