import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { isFull } from '../full.js'
import {
  type Ended,
  inFolder,
  isBuilt,
  jsonOf,
  keyFrom,
  peakMb,
  recommend,
  startServer,
  stopped,
  untilReady,
} from './aptus.js'

const suite = isBuilt('tests/system/readme.test.ts') ? describe : describe.skip

/** In full what "npm start" makes; else a smaller market, in which there still is something to learn. */
const size = isFull
  ? { products: 4200, flags: [] }
  : { products: 1500, flags: ['--products', '1500', '--investors', '6000', '--days', '365'] }

/** The README's commands, a block each, in their order. */
const blocks = [...readFileSync('README.md', 'utf8').matchAll(/^```sh\n([^]*?)^```$/gm)].map((found) => found[1] ?? '')
const talksToServer = (block: string): boolean => block.includes('127.0.0.1:8080')

const farTrans = join(process.env['APTUS_REAL_DATA'] ?? '../shared/data', 'far-trans')
const hasFarTrans = existsSync(farTrans)
if (!hasFarTrans) {
  if (process.env['CI_NO_SKIP'] === '1') throw new Error('FAR-Trans is absent, and CI_NO_SKIP=1 forbids to skip')
  console.warn('skipped: the README\'s "evaluate far-trans", for FAR-Trans is absent; set APTUS_REAL_DATA')
}

/** Runs a block as a user would paste it, and stops at the first command that fails. */
function run(block: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  const script = hasFarTrans ? block : block.replace(/^.*evaluate far-trans.*$/m, '')
  return new Promise((done, failed) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: resolve('.'),
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', failed)
    child.on('close', (code) => done({ code, stdout, stderr }))
  })
}

const Slate = z.looseObject({ kind: z.string(), items: z.array(z.looseObject({ productId: z.string() })) })
const Run = z.looseObject({ config: z.looseObject({ kind: z.string() }), metrics: z.record(z.string(), z.number()) })

test('the README begins with the two commands of the contract, and tells the one that tests', () => {
  expect(blocks[0]).toBe('npm ci && npm start\n')
  expect(blocks.at(-1)).toBe('npm ci && npm test\n')
})

suite('the README in order, as a new user', () => {
  test(
    'a simulated market, a two-tower model, slates that differ; then each command that the README names',
    () =>
      inFolder(async (dir) => {
        const data = join(dir, 'data')
        const [train, test_] = [join(dir, 'train.txt'), join(dir, 'test.txt')]
        await writeFile(train, 'u1 a b c\nu2 a b\nu3 b c d\n')
        await writeFile(test_, 'u1 d\nu2 c\nu3 a\n')
        const env = {
          APTUS_DATA: data,
          OTHER_DATA: join(dir, 'other'),
          BUNDLE: join(dir, 'bundle'),
          TRAIN: train,
          TEST: test_,
          FAR_TRANS: farTrans,
        }

        const from = performance.now()
        const server = await startServer('start', data, 'simulated', {}, size.flags)
        const seen = await untilReady(server)
        while (!server.said().includes('/docs tells the rest')) await new Promise((wait) => setTimeout(wait, 20))
        const key = keyFrom(server.said(), 'app')
        const investor = /"investorId":"([^"]+)"/.exec(server.said())?.[1] ?? ''
        const first = await recommend(server.url, key, investor)
        const seconds = (performance.now() - from) / 1000
        const peak = await peakMb(server)
        expect(first.status).toBe(200)
        const mine = Slate.parse(await first.json())
        expect(mine).toMatchObject({ kind: 'personal', items: { length: 3 } })
        expect(await othersThan(mine.items[0]?.productId ?? '', server.url, key)).toBeGreaterThan(0)
        const stages = [...new Set(seen.map(({ detail }) => detail))]
        for (const stage of [/^simulating a market/, /^training a model$/, /^building a release$/])
          expect(stages).toContainEqual(expect.stringMatching(stage))
        if (peak !== null) expect(peak).toBeLessThan(2048)

        const told = blocks.slice(1, -1)
        expect(told.filter(talksToServer).length).toBeGreaterThan(1)
        for (const block of told.filter(talksToServer)) {
          const ended = await run(block.replaceAll('http://127.0.0.1:8080', server.url), { ...env, APP_KEY: key })
          expect({ block, ...ended }).toMatchObject({ block, code: 0 })
          expect(ended.stdout).toMatch(/riskLevel|What changed|permitted until/)
        }
        await stopped(server)

        const again = performance.now()
        const second = await startServer('start', data)
        await untilReady(second)
        const later = (performance.now() - again) / 1000
        await stopped(second)
        console.info(
          `first answer ${seconds.toFixed(1)} s after the start, peak ${peak ?? 'untold'} MB; started again in ${later.toFixed(1)} s`,
        )

        for (const block of told.filter((other) => !talksToServer(other))) {
          const ended = await run(block, env)
          expect({ block, ...ended }).toMatchObject({ block, code: 0 })
          expect(ended.stdout).not.toBe('')
        }

        const [newest] = z
          .array(z.looseObject({ id: z.string() }))
          .parse(await jsonOf(['models', 'list', '--data', data]))
        const { config, metrics } = Run.parse(await jsonOf(['models', 'show', newest?.id ?? '', '--data', data]))
        expect(config.kind).toBe('two-tower')
        expect(metrics['holdout ndcg@10']).toBeGreaterThan(1.2 * (metrics['popularity ndcg@10'] ?? 1))
        expect(await jsonOf(['products', 'list', '--limit', '5000', '--data', data])).toHaveLength(size.products)
      }),
    900_000,
  )
})

/** Of ten more investors, how many get a personal slate that begins with another product. */
async function othersThan(mine: string, url: string, key: string): Promise<number> {
  let different = 0
  for (let at = 10; at < 20; at++) {
    const answer = await recommend(url, key, `sim-i${String(at).padStart(6, '0')}`)
    if (answer.status === 200 && Slate.parse(await answer.json()).items[0]?.productId !== mine) different++
  }
  return different
}
