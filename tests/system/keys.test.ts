import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  aptus,
  expectSentence,
  inFolder,
  isBuilt,
  jsonOf,
  recommend,
  startServer,
  stopped,
  untilReady,
} from './aptus.js'

const suite = isBuilt('tests/system/keys.test.ts') ? describe : describe.skip

suite('keys of firms', () => {
  test(
    'are made while no server runs, told once, and open the firm’s own investors',
    () =>
      inFolder(async (dir) => {
        const data = join(dir, 'data')
        expect((await aptus(['keys', 'list', '--data', data])).code).toBe(2)
        const server = await startServer('start', data)
        await untilReady(server)
        const refused = await aptus(['keys', 'add', '--firm', 'firm-b', '--scope', 'app', '--data', data])
        expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/held by process \d+/)])
        expectSentence(refused, dir)
        await stopped(server)

        const added = await aptus(['keys', 'add', '--firm', 'firm-b', '--scope', 'app', '--data', data])
        const key = added.stdout.trim()
        expect(key).toMatch(/^aptus_app_[A-Za-z0-9_-]{43}$/)
        expect(await readFile(join(data, 'keys.json'), 'utf8')).not.toContain(key.slice(-43))
        const listed = await aptus(['keys', 'list', '--data', data])
        expect(listed.stdout).toMatch(/^firm-b {2}app {2}[0-9a-f]{8}$/m)
        expect(listed.stdout).not.toContain(key.slice(-43))
        expect(await jsonOf(['keys', 'list', '--data', data])).toHaveLength(5)

        const again = await startServer('serve', data)
        await untilReady(again)
        // Known by its key, and without an investor of its own: those of the first firm are not seen.
        expect((await recommend(again.url, key, 'I01')).status).toBe(404)
        expect((await recommend(again.url, `${key}x`, 'I01')).status).toBe(401)
        await stopped(again)
      }),
    120_000,
  )

  test('a scope that is none, or none at all, is wrong usage', async () => {
    expect((await aptus(['keys', 'add', '--scope', 'all'])).code).toBe(2)
    expect((await aptus(['keys', 'add'])).code).toBe(2)
  })
})
