import { open, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  aptus,
  expectSentence,
  inFolder,
  isBuilt,
  jsonOf,
  keyFrom,
  recommend,
  startServer,
  untilReady,
} from './aptus.js'

const suite = isBuilt('tests/system/commands.test.ts') ? describe : describe.skip
const secondsSince = (from: number): number => (performance.now() - from) / 1000

suite('a data directory from its first start on', () => {
  test(
    'start, first answer, a second command refused, stop, start again',
    () =>
      inFolder(async (dir) => {
        const data = join(dir, 'data')
        const from = performance.now()
        const server = await startServer('start', data)
        const seen = await untilReady(server)
        // The keys are told just after it is ready.
        while (!server.said().includes('/docs tells the rest')) await new Promise((wait) => setTimeout(wait, 20))
        const key = keyFrom(server.said(), 'app')
        const investor = /"investorId":"([^"]+)"/.exec(server.said())?.[1] ?? ''
        const answer = await recommend(server.url, key, investor)
        const first = secondsSince(from)
        expect(answer.status).toBe(200)
        expect(((await answer.json()) as { items: unknown[] }).items).toHaveLength(3)
        expect(first).toBeLessThan(60)
        expect(seen.filter(({ status }) => status === 503).map(({ detail }) => detail)).toContain('training a model')

        const refused = await aptus(['recommend', investor, '--data', data])
        expect(refused.code).toBe(1)
        expect(refused.stderr).toMatch(/the directory is held by process \d+/)
        expectSentence(refused, dir)

        server.child.kill('SIGTERM')
        expect(await server.ended).toBe(0)
        expect(await readdir(data)).not.toContain('lock')

        const again = performance.now()
        const second = await startServer('start', data)
        await untilReady(second)
        expect((await recommend(second.url, key, investor)).status).toBe(200)
        const later = secondsSince(again)
        second.child.kill('SIGINT')
        expect(await second.ended).toBe(0)
        expect(second.said()).not.toContain('aptus_app_')
        console.info(`first answer ${first.toFixed(1)} s after the first start, ${later.toFixed(1)} s after the second`)
        expect(later).toBeLessThan(6)
        expect(await jsonOf(['audit', 'verify', '--data', data])).toMatchObject({
          entries: 6,
          faults: [],
          entered: { judged: 2, unentered: [] },
        })
      }),
    120_000,
  )

  test(
    'a set-up that was killed begins again, and tells its keys',
    () =>
      inFolder(async (dir) => {
        const killed = await startServer('start', dir)
        while (!killed.said().includes('training a model')) await new Promise((wait) => setTimeout(wait, 5))
        killed.child.kill('SIGKILL')
        await killed.ended
        const server = await startServer('start', dir)
        await untilReady(server)
        while (!server.said().includes('/docs tells the rest')) await new Promise((wait) => setTimeout(wait, 20))
        expect(keyFrom(server.said(), 'app')).not.toBe('')
        server.child.kill('SIGTERM')
        expect(await server.ended).toBe(0)
      }),
    120_000,
  )
})

const Built = z.looseObject({ digest: z.string() })
const Run = z.looseObject({ id: z.string() })
const Signed = z.looseObject({ checkpoint: z.string(), size: z.int() })
const Records = z.array(z.looseObject({ id: z.string() })).min(1)

suite('each command with --json prints one document and nothing else on stdout', () => {
  test(
    'the way from files to a recorded decision',
    () =>
      inFolder(async (dir) => {
        const data = join(dir, 'data')
        const on = (...args: string[]): Promise<unknown> => jsonOf([...args, '--data', data])
        expect(await on('import', 'csv', 'examples/data')).toMatchObject({ accepted: { products: 200 }, rejected: 0 })
        const run = Run.parse(await on('train'))
        expect(await on('models', 'list')).toMatchObject([{ id: run.id }])
        expect(await on('models', 'show', run.id)).toMatchObject({ id: run.id })
        const { digest } = Built.parse(await on('release', 'build'))
        expect(await on('release', 'list')).toMatchObject([{ digest, active: true }])
        expect(await on('release', 'activate', digest)).toEqual({ activated: digest })
        const investors = Records.parse(await on('investors', 'list', '--limit', '3'))
        expect(investors).toHaveLength(3)
        const products = Records.parse(await on('products', 'list', '--limit', '2'))
        expect(products).toHaveLength(2)
        const [investor = '', product = ''] = [investors[0]?.id, products[0]?.id]
        const known = await on('features', 'show', investor)
        expect(known).toHaveProperty('features')
        expect(known).toHaveProperty('holdings.positions')
        const did = { productId: product, windows: [{ months: 1 }, { months: 3 }, {}, {}, {}] }
        expect(await on('features', 'navs', product)).toMatchObject(did)
        expect(await on('features', 'list')).toHaveProperty('features.63')
        expect(await on('features', 'apply')).toMatchObject({ investors: 50, standing: 0, made: 50 })
        expect(await on('features', 'plan')).toMatchObject({ added: [], removed: [], changed: [], vectors: 0 })
        expect(await on('features', 'rows', '--out', join(dir, 'rows.parquet'))).toMatchObject({
          rows: 50,
          features: 64,
        })
        const moved = await on('features', 'export', '--out', join(dir, 'moved'))
        const { events } = z.looseObject({ events: z.int().min(100) }).parse(moved)
        expect(await on('features', 'import', join(dir, 'moved'), '--dry-run')).toMatchObject({
          events: { rows: events, added: 0 },
          dryRun: true,
        })
        const decided = z.looseObject({ decisionId: z.string() }).parse(await on('recommend', investor))
        expect(await on('audit', 'show', decided.decisionId)).toMatchObject({ decisionId: decided.decisionId })
        expect(await on('audit', 'why', decided.decisionId, product)).toHaveProperty('findings')
        const head = Signed.parse(await on('audit', 'checkpoint'))
        expect(head.checkpoint).toBe(await readFile(join(data, 'ledger', 'checkpoint'), 'utf8'))
        const out = join(dir, 'one.tlog-proof')
        // After the decision come the two reads of it, by show and by why.
        expect(await on('audit', 'proof', decided.decisionId, '--out', out)).toMatchObject({ index: head.size - 3 })
        expect((await readFile(out, 'utf8')).endsWith(`\n\n${head.checkpoint}`)).toBe(true)
        expect((await readFile(join(dir, 'one.entry'))).includes(decided.decisionId)).toBe(true)
        expect(await on('audit', 'fsck')).toMatchObject({ entries: head.size, checkpoint: head.size, findings: [] })
        expect(await on('audit', 'retention')).toMatchObject([
          { segment: '00000001.seg', years: 20, removableFrom: null },
        ])
        expect(await on('audit', 'consistency', '--from', '1')).toMatchObject({ to: { size: head.size } })
        expect(await on('audit', 'verify')).toMatchObject({
          entries: head.size,
          faults: [],
          entered: { judged: 1, unentered: [] },
        })
        expect(await on('rules', 'show')).toHaveProperty('rules')
        expect(await on('rules', 'check', 'packs/cn-2026.yaml')).toMatchObject({ id: 'cn-2026' })
      }),
    120_000,
  )

  test('--version tells what runs', async () => {
    const { code, stdout } = await aptus(['--version'])
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^aptus \d+\.\d+\.\d+, commit ([0-9a-f]{40}|unknown), Node v\d+\.\d+\.\d+\n$/),
    ])
  })

  test('evaluate interactions', () =>
    inFolder(async (dir) => {
      const [train, test_] = [join(dir, 'train.txt'), join(dir, 'test.txt')]
      await writeFile(train, 'u1 a b c\nu2 a b\nu3 b c d\n')
      await writeFile(test_, 'u1 d\nu2 c\nu3 a\n')
      const report = await jsonOf(['evaluate', 'interactions', '--train', train, '--test', test_, '--model', 'ials'])
      expect(report).toMatchObject({ model: 'ials', metrics: { 'recall@20': 1 } })
    }))
})

suite('exit codes: 1 failed or a check did not hold, 2 wrong usage or bad input', () => {
  const noRelease = `sha256:${'0'.repeat(64)}`
  test(
    'each expected failure is a sentence',
    () =>
      inFolder(async (dir) => {
        const data = join(dir, 'data')
        await jsonOf(['import', 'csv', 'examples/data', '--data', data])
        const run = z.looseObject({ id: z.string() }).parse(await jsonOf(['train', '--data', data]))
        await jsonOf(['release', 'build', '--run', run.id, '--data', data])
        const cases: [number, RegExp, string[], NodeJS.ProcessEnv?][] = [
          [2, /unknown option/, ['recommend', 'I01', '--wrong']],
          [2, /unknown command/, ['nonsense']],
          [2, /missing required argument/, ['recommend']],
          [2, /unknown option '--data'/, ['models']],
          [2, /want a whole number/, ['recommend', 'I01', '--size', 'x']],
          [2, /want an instant/, ['recommend', 'I01', '--as-of', 'yesterday']],
          [2, /want 1 to 128 characters/, ['recommend', 'I01', '--firm', 'a b']],
          [2, /is no investor id/, ['recommend', 'a b']],
          [1, /no investor nobody/, ['recommend', 'nobody']],
          [1, /no investor nobody/, ['features', 'show', 'nobody']],
          [1, /no net asset value of P0 was known/, ['features', 'navs', 'P0']],
          [1, /no run run-0; "aptus models list"/, ['models', 'show', 'run-0']],
          [1, /no run run-0/, ['release', 'build', '--run', 'run-0']],
          [1, /no release sha256:0+; "aptus release list"/, ['release', 'activate', noRelease]],
          [1, /no decision d-0/, ['audit', 'show', 'd-0']],
          [1, /no decision d-0/, ['audit', 'why', 'd-0', 'P001']],
          [1, /no entry d-0/, ['audit', 'proof', 'd-0', '--out', join(dir, 'x.tlog-proof')]],
          [2, /ends in .tlog-proof/, ['audit', 'proof', 'd-0', '--out', 'x']],
          [2, /--from: want 0 to \d+/, ['audit', 'consistency', '--from', '99']],
          [1, /nothing to train on/, ['train', '--as-of', '2001-01-01T00:00:00Z']],
          [2, /cannot be read|no such file/, ['train', '--config', join(dir, 'no.yaml')]],
          [2, /package.json line 1/, ['rules', 'check', 'package.json']],
          [2, /no such file/, ['evaluate', 'interactions', '--train', 'no', '--test', 'no', '--model', 'ials']],
          [2, /APTUS_PACK: there is no such pack/, ['rules', 'show'], { APTUS_PACK: 'no-pack' }],
          [2, /APTUS_PACK: eval-open is for offline/, ['recommend', 'I01'], { APTUS_PACK: 'eval-open' }],
          [2, /APTUS_PORT: want a port/, ['serve'], { APTUS_PORT: 'x' }],
          [2, /the data directory is empty/, ['recommend', 'I01', '--data', join(dir, 'empty')]],
          [2, /the data directory is empty/, ['models', 'list', '--data', join(dir, 'empty')]],
          [1, /neither empty nor one of Aptus/, ['recommend', 'I01', '--data', 'docs']],
          [1, /"package.json" is, or lies below, a file/, ['recommend', 'I01', '--data', 'package.json']],
        ]
        for (const [code, words, args, extra] of cases) {
          const withData = args.includes('--data') || ['rules', 'evaluate'].includes(args[0] ?? '')
          const ended = await aptus(withData ? args : [...args, '--data', data], extra)
          expect({ args, code: ended.code, stderr: ended.stderr }).toEqual({
            args,
            code,
            stderr: expect.stringMatching(words) as string,
          })
          expectSentence(ended, dir)
        }
      }),
    180_000,
  )

  test(
    'a damaged ledger is found, serves nothing, and is not repaired',
    () =>
      inFolder(async (dir) => {
        const data = join(dir, 'data')
        await jsonOf(['import', 'csv', 'examples/data', '--data', data])
        await jsonOf(['train', '--data', data])
        await jsonOf(['release', 'build', '--data', data])
        await jsonOf(['recommend', 'I01', '--data', data])
        const segment = await open(join(data, 'ledger', 'log', '00000001.seg'), 'r+')
        const byte = Buffer.alloc(1)
        await segment.read(byte, 0, 1, 200)
        await segment.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, 200)
        await segment.close()
        const verified = await aptus(['audit', 'verify', '--data', data, '--json'])
        expect(verified.code).toBe(1)
        expect(JSON.parse(verified.stdout)).toMatchObject({ faults: [{ file: '00000001.seg' }] })
        expect(verified.stderr).toContain('the ledger is damaged: 00000001.seg offset')
        expectSentence(verified, dir)
        for (const args of [
          ['recommend', 'I01'],
          ['serve', '--port', '0'],
        ]) {
          const refused = await aptus([...args, '--data', data])
          expect(refused.code).toBe(1)
          expect(refused.stderr).toContain('Nothing was changed')
          expectSentence(refused, dir)
        }
        expect((await aptus(['audit', 'verify', '--data', data])).code).toBe(1)
      }),
    120_000,
  )
})
