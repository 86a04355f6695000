import { cp, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { aptus, inFolder, isBuilt, jsonOf } from './aptus.js'

const suite = isBuilt('tests/system/rulesDocs.test.ts') ? describe : describe.skip

suite('aptus rules docs', () => {
  test('prints the pack that serves, or that of a file, in words', async () => {
    const served = await aptus(['rules', 'docs'])
    expect([served.code, served.stdout]).toEqual([0, await readFile('docs/rules/cn-2026.md', 'utf8')])
    const own = await aptus(['rules', 'docs', 'examples/firm-pack/firm.yaml'])
    expect(own.code).toBe(0)
    for (const id of ['CN-MATCH', 'FIRM-KNOWN-KIND']) expect(own.stdout).toContain(`### ${id}\n`)
    expect(await jsonOf(['rules', 'docs', 'packs/us-finra.yaml'])).toMatchObject({ pack: 'us-finra' })
  })

  test('makes all pages anew, the same each time, and refuses a folder that is not theirs', () =>
    inFolder(async (dir) => {
      const docs = join(dir, 'docs')
      await mkdir(docs)
      const refused = await aptus(['rules', 'docs', '--write', docs])
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('holds no rules.md')])
      await cp('docs/rules.md', join(docs, 'rules.md'))
      expect((await aptus(['rules', 'docs', '--write', docs])).code).toBe(0)
      for (const page of ['rules.md', 'rules/cn-2026.md', 'rules/eu-mifid2.md'])
        expect(await readFile(join(docs, page), 'utf8')).toBe(await readFile(join('docs', page), 'utf8'))
    }))
})
