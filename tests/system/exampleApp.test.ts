import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { type Ended, inFolder, isBuilt, keyFrom, startServer, untilReady } from './aptus.js'

const suite = isBuilt('tests/system/exampleApp.test.ts') ? describe : describe.skip

const run = (command: string, args: readonly string[], key: string): Promise<Ended> =>
  new Promise((done, failed) => {
    const child = spawn(command, args, {
      env: { ...process.env, NODE_OPTIONS: '', APP_KEY: key },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', failed)
    child.on('close', (code) => done({ code, stdout, stderr }))
  })

/** The example in each of its languages, as its first lines say to run it. */
const examples = [
  { name: 'TypeScript', command: process.execPath, file: resolve('dist/examples/app/app.js') },
  { name: 'curl', command: 'bash', file: resolve('examples/app/app.sh') },
] as const

const productsOf = (slate: string): readonly string[] =>
  [...slate.matchAll(/^ {2}\d+\. (\S+) /gm)].map((match) => match[1] ?? '')

suite('the investing app of examples/app', () => {
  test(
    'shows a slate with reasons and disclosures, tells what was seen and bought, and gets another slate',
    () =>
      inFolder(async (dir) => {
        const server = await startServer('start', join(dir, 'data'))
        try {
          await untilReady(server)
          while (!server.said().includes('/docs tells the rest')) await new Promise((wait) => setTimeout(wait, 20))
          const key = keyFrom(server.said(), 'app')
          const investor = /"investorId":"([^"]+)"/.exec(server.said())?.[1] ?? ''
          const bought: string[] = []
          for (const { name, command, file } of examples) {
            const { code, stdout, stderr } = await run(command, [file, investor, server.url], key)
            expect({ name, code, stderr }).toEqual({ name, code: 0, stderr: '' })
            const [before = '', rest = ''] = stdout.split('Exposures: 3 accepted, 0 known already\n')
            expect(before).toMatch(/^ {7}because {2}.+/m)
            expect(before).toMatch(/^ {7}note {5}Risk level of the product: R\d/m)
            const first = productsOf(before)[0] ?? ''
            expect(rest).toContain(`Purchase of ${first}: 1 accepted, 0 known already\n`)
            const [after = '', changes = ''] = rest.split('What changed\n')
            expect(rest).toMatch(new RegExp(`^Holds\\n(  .*\\n)*  ${first} bought \\S+Z 1000 CNY$`, 'm'))
            expect(productsOf(after)).toHaveLength(3)
            expect(productsOf(after)).not.toContain(first)
            expect(changes).toMatch(new RegExp(`${first} is gone|gone ${first}`))
            bought.push(first)
          }
          const known = await fetch(`${server.url}/v1/investors/${investor}`, {
            headers: { authorization: `Bearer ${key}` },
          })
          const { behaviour, holdings } = (await known.json()) as {
            behaviour: { purchased: { productId: string }[] }
            holdings: { positions: { productId: string; lots: { amount: unknown }[] }[] }
          }
          const purchased = behaviour.purchased.slice(0, 2).map(({ productId }) => productId)
          for (const { productId, lots } of holdings.positions.filter(({ productId }) => bought.includes(productId)))
            expect([productId, lots.at(-1)?.amount]).toEqual([productId, { minor: 100_000, currency: 'CNY' }])
          expect(holdings.positions.filter(({ productId }) => bought.includes(productId))).toHaveLength(2)
          expect(purchased).toEqual(bought.reverse())

          for (const { name, command, file } of examples) {
            const refused = await run(command, [file, 'nobody', server.url], key)
            expect({ name, code: refused.code, words: refused.stderr.toLowerCase() }).toEqual({
              name,
              code: expect.any(Number) as number,
              words: expect.stringContaining('investor') as string,
            })
            expect(refused.code).not.toBe(0)
          }
        } finally {
          server.child.kill('SIGTERM')
        }
        expect(await server.ended).toBe(0)
      }),
    240_000,
  )
})
