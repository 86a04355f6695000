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

/** A server follows within a second; a test fails by its own time. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((wait) => setTimeout(wait, 50))
}

const suite = isBuilt('tests/system/keys.test.ts') ? describe : describe.skip

suite('keys of firms', () => {
  test(
    'are made and revoked beside a server, told once, and open the firm’s own investors',
    () =>
      inFolder(async (dir) => {
        const data = join(dir, 'data')
        expect((await aptus(['keys', 'list', '--data', data])).code).toBe(2)
        const server = await startServer('start', data)
        await untilReady(server)
        const added = await aptus(['keys', 'add', '--firm', 'firm-b', '--scope', 'app', '--data', data])
        const key = added.stdout.trim()
        expect(key).toMatch(/^aptus_app_[A-Za-z0-9_-]{43}$/)
        expect(await readFile(join(data, 'keys.json'), 'utf8')).not.toContain(key.slice(-43))
        const listed = await aptus(['keys', 'list', '--data', data])
        expect(listed.stdout).toMatch(/^firm-b {2}app {2}[0-9a-f]{8}$/m)
        expect(listed.stdout).not.toContain(key.slice(-43))
        expect(await jsonOf(['keys', 'list', '--data', data])).toHaveLength(5)

        // Known by its key, and without an investor of its own: those of the first firm are not seen.
        const answered = async (): Promise<number> => (await recommend(server.url, key, 'I01')).status
        await until(async () => (await answered()) === 404)
        expect((await recommend(server.url, `${key}x`, 'I01')).status).toBe(401)

        const mark = /^firm-b {2}app {2}([0-9a-f]{8})$/m.exec(listed.stdout)?.[1] ?? ''
        const unknown = await aptus(['keys', 'revoke', '00000000', '--data', data])
        expect(unknown.code).toBe(1)
        expectSentence(unknown, dir)
        expect((await aptus(['keys', 'revoke', mark, '--data', data])).code).toBe(0)
        await until(async () => (await answered()) === 401)
        await stopped(server)
      }),
    120_000,
  )

  test('a scope that is none, or none at all, is wrong usage', async () => {
    expect((await aptus(['keys', 'add', '--scope', 'all'])).code).toBe(2)
    expect((await aptus(['keys', 'add'])).code).toBe(2)
  })
})
