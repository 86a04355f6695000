import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { aptus, type Ended, inFolder, isBuilt, jsonOf, keyFrom, startServer, stopped, untilReady } from './aptus.js'

const suite = isBuilt('tests/system/purchaseExample.test.ts') ? describe : describe.skip

const run = (command: string, file: string, url: string, key: string): Promise<Ended> =>
  new Promise((done, failed) => {
    const child = spawn(command, [resolve(file), url], {
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

function expectDialogue({ code, stdout, stderr }: Ended): void {
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
}

suite('the purchase of examples/purchase', () => {
  test(
    'C1-minimum blocked at once; C2 notice, warning, insists, permitted; out of order and twice refused; told by audit',
    () =>
      inFolder(async (dir) => {
        const data = join(dir, 'data')
        const server = await startServer('start', data)
        await untilReady(server)
        while (!server.said().includes('/docs tells the rest')) await new Promise((wait) => setTimeout(wait, 20))
        const key = keyFrom(server.said(), 'app')
        const inShell = await run('bash', 'examples/purchase/purchase.sh', server.url, key)
        const inScript = await run(process.execPath, 'dist/examples/purchase/purchase.js', server.url, key)
        await stopped(server)
        for (const ended of [inShell, inScript]) expectDialogue(ended)
        const alike = (text: string): string => text.replace(/p-[0-9a-f]{32}|\d{4}-\d\d-\d\dT\S+Z/g, '…')
        expect(alike(inScript.stdout)).toBe(alike(inShell.stdout))

        const checkId = /^Check (p-[0-9a-f]{32})$/m.exec(inShell.stdout)?.[1] ?? ''
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
        expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('no decision p-none was recorded')])
      }),
    120_000,
  )
})
