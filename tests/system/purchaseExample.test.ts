import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { aptus, type Ended, inFolder, isBuilt, jsonOf, keyFrom, startServer, stopped, untilReady } from './aptus.js'

const suite = isBuilt('tests/system/purchaseExample.test.ts') ? describe : describe.skip

const run = (url: string, key: string): Promise<Ended> =>
  new Promise((done, failed) => {
    const child = spawn('bash', [resolve('examples/purchase/purchase.sh'), url], {
      env: { ...process.env, NODE_OPTIONS: '', APP_KEY: key },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', failed)
    child.on('close', (code) => done({ code, stdout, stderr }))
  })

const steps = ['unsuitability-notice', 'special-risk-warning', 'insist', 'inform']

suite('the purchase of examples/purchase', () => {
  test(
    'C1-minimum blocked at once; C2 notice, warning, insists, permitted; out of order and twice refused; told by audit',
    () =>
      inFolder(async (dir) => {
        const data = join(dir, 'data')
        const server = await startServer('start', data)
        await untilReady(server)
        while (!server.said().includes('/docs tells the rest')) await new Promise((wait) => setTimeout(wait, 20))
        const { code, stdout, stderr } = await run(server.url, keyFrom(server.said(), 'app'))
        await stopped(server)
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' })

        const [lowest = '', c2 = ''] = stdout.split(/^C2 wants .+$/m)
        expect(lowest).toMatch(/^C1-minimum wants \S+\nVerdict: block\n {2}CN-C1MIN: .+\n$/)
        expect(c2).toMatch(/^Verdict: warn\n {2}CN-UP: .+ above your tolerance C2; it is not suitable for you\./m)
        expect(c2).toMatch(/^Costs\n {2}buying: at most .+ CNY$/m)
        expect(c2).toContain(
          'The last step first\n  refused: The confirmation is out of order; next is unsuitability-notice\n',
        )
        expect([...c2.matchAll(/^Step (\S+): /gm)].map(([, step]) => step)).toEqual(steps)
        expect([...c2.matchAll(/^ {2}open, next is (\S+)$/gm)].map(([, step]) => step)).toEqual(steps.slice(1))
        expect(c2.match(/^ {2}permitted until /gm)).toHaveLength(1)
        expect(c2).toContain('The last step again\n  refused: The step was confirmed already; next is nothing\n')

        const checkId = /^Check (p-[0-9a-f]{32})$/m.exec(c2)?.[1] ?? ''
        const shown = await aptus(['audit', 'show', checkId, '--data', data])
        expect(shown.stdout).toMatch(/^warn: CN-UP, CN-INFORM; expires /m)
        expect(
          [...shown.stdout.matchAll(/^confirmed \S+Z, entry \d+: step (\d) (\S+), sha256:/gm)].map((of) => of[2]),
        ).toEqual(steps)
        expect(shown.stdout).toMatch(/^permitted from \S+Z$/m)
        const same = await jsonOf(['audit', 'show', `${checkId}.2`, '--data', data])
        expect(same).toMatchObject({ checkId, facts: { check: { verdict: 'warn' } } })
        const verified = await aptus(['audit', 'verify', '--data', data])
        expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('entries') as string })
        const unknown = await aptus(['audit', 'show', 'p-none', '--data', data])
        expect([unknown.code, unknown.stderr]).toEqual([
          1,
          expect.stringContaining('no decision or purchase check p-none'),
        ])
      }),
    120_000,
  )
})
