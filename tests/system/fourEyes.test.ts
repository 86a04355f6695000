import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  aptus,
  expectSentence,
  inFolder,
  isBuilt,
  keyFrom,
  recommend,
  startServer,
  stopped,
  untilReady,
} from './aptus.js'

const suite = isBuilt('tests/system/fourEyes.test.ts') ? describe : describe.skip

const InForce = z.looseObject({ packs: z.array(z.looseObject({ pack: z.looseObject({ digest: z.string() }) })) })
const rule = `
  - id: NOTHING-AT-ALL
    scope: push
    blockUnless: product.riskLevel > 5
    source: an example
    confidence: own
    effectiveFrom: 2020-01-01
    messages: { zh-CN: 示例, en: An example. }
    cases:
      - { product: { riskLevel: 6 }, expect: permit }
      - { product: { riskLevel: 5 }, expect: block }
      - { expect: missing }
`

suite('a rule changed under four eyes', () => {
  test(
    'keys, officers, a proposal over HTTP, its approval by another, in force without a restart, and rolled back',
    () =>
      inFolder(async (dir) => {
        const data = join(dir, 'data')
        const run = async (args: readonly string[], expected = 0, env: NodeJS.ProcessEnv = {}) => {
          const ended = await aptus(['rules', ...args], env)
          expect([args[0], ended.code, ended.code === expected ? '' : ended.stderr]).toEqual([args[0], expected, ''])
          if (expected !== 0) expectSentence(ended, dir)
          return ended
        }
        const first = await startServer('start', data)
        await untilReady(first)
        await stopped(first)
        const [risk, app] = ['risk', 'app'].map((scope) => keyFrom(first.said(), scope))

        const keys = new Map<string, string>()
        for (const name of ['Li', 'Wang']) {
          const key = join(dir, `${name}.key`)
          keys.set(name, key)
          await writeFile(join(dir, `${name}.pub`), (await run(['key', 'new', '--out', key])).stdout)
          expect((await stat(key)).mode & 0o777).toBe(0o600)
          expect((await run(['key', 'new', '--out', key], 2)).stderr).toMatch('never overwritten')
          await run(['officers', 'add', name, '--public-key', join(dir, `${name}.pub`), '--data', data])
        }
        const [li = '', wang = ''] = keys.values()
        const alone = ['officers', 'add', 'Third', '--public-key', join(dir, 'Li.pub'), '--data', data]
        expect((await run(alone, 1)).stderr).toMatch('two different officers')
        expect((await run([...alone.slice(0, 4), li, '--data', data], 2)).stderr).toMatch('give the public one alone')
        expect((await run(['officers', 'list', '--data', data])).stdout).toMatch(/^Li {2}ed25519:[0-9a-f]{64} /m)

        const pack = join(dir, 'stricter.yaml')
        await writeFile(pack, (await readFile('packs/cn-2026.yaml', 'utf8')) + rule)
        const server = await startServer('serve', data)
        await untilReady(server)
        const desk = ['--url', server.url]
        const env = { APTUS_KEY: risk }
        const asked = (file: string, at: number): readonly string[] => {
          const when = ['--from', new Date(at).toISOString()]
          return ['propose', file, ...when, '--reason', 'a test', ...desk, '--key', li]
        }
        const begun = Date.now()
        expect((await run(asked(pack, begun + 60_000), 2)).stderr).toMatch('APTUS_KEY')
        const known = asked('packs/cn-2026.yaml', begun + 60_000)
        expect((await run(known, 1, env)).stderr).toMatch('in force already')
        // Four commands come before it is in force: by the time that the two above took on this machine, with much to spare.
        const from = Date.now() + 5_000 + 6 * (Date.now() - begun)
        const proposal = /sha256:[0-9a-f]{64}/.exec((await run(asked(pack, from), 0, env)).stdout)?.[0] ?? ''
        const approve = ['approve', proposal, '--without-backtest', 'a test', ...desk, '--key']
        expect((await run([...approve, li], 1, env)).stderr).toMatch('another officer')
        expect((await run(['proposals', ...desk], 0, env)).stdout).toMatch(/waiting[^]*rule NOTHING-AT-ALL added/)
        await run([...approve, wang], 0, env)

        const before = await recommend(server.url, app ?? '', 'I01')
        expect([Date.now() < from, before.status]).toEqual([true, 200])
        await new Promise((done) => setTimeout(done, from - Date.now() + 5))
        const after = await recommend(server.url, app ?? '', 'I01')
        expect([after.status, await after.json()]).toEqual([
          409,
          expect.objectContaining({ type: '/problems/no-suitable-product' }),
        ])
        await stopped(server)

        const inForce = async (): Promise<string> => {
          const { stdout } = await run(['in-force', '--data', data, '--json'])
          return InForce.parse(JSON.parse(stdout)).packs[0]?.pack.digest ?? ''
        }
        const stricter = await inForce()
        const again = await startServer('serve', data)
        await untilReady(again)
        expect(again.said()).toMatch(`rules of all firms: in force is ${stricter}`)
        await stopped(again)

        // Back, through files: signed by one, then by the other, handed in, and withdrawn by both.
        const shipped = /sha256:[0-9a-f]{64}/.exec((await run(['check', 'packs/cn-2026.yaml'])).stdout)?.[0] ?? ''
        const [document, home] = [join(dir, 'back.json'), ['--data', data]]
        const later = new Date(Date.now() + 3_600_000).toISOString()
        await run([
          'rollback',
          '--to',
          shipped,
          '--from',
          later,
          '--reason',
          'back',
          '--key',
          wang,
          '--out',
          document,
          ...home,
        ])
        await run(['submit', document, ...home])
        const [, back = ''] = [...(/^(sha256:\S+) {2}waiting/m.exec((await run(['proposals', ...home])).stdout) ?? [])]
        await run(['approve', back, '--report', stricter, '--key', li, ...home])
        const withdraw = ['withdraw', back, '--reason', 'not yet', ...home]
        expect((await run([...withdraw, '--key', li], 1)).stderr).toMatch('two different officers')
        await run([...withdraw, '--key', li, '--out', document])
        await run(['sign', document, '--key', wang, ...home])
        await run(['submit', document, ...home])
        expect((await run(['proposals', ...home])).stdout).toMatch(/withdrawn/)
        expect((await aptus(['audit', 'verify', ...home])).code).toBe(0)
      }),
    600_000,
  )
})
