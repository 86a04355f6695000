import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { inFolder, isBuilt, jsonOf, keyFrom, recommend, type Server, startServer, untilReady } from './aptus.js'

const suite = isBuilt('tests/system/firstStart.test.ts') ? describe : describe.skip

const Slate = z.looseObject({ kind: z.string(), items: z.array(z.looseObject({ productId: z.string() })) })
const Run = z.looseObject({ id: z.string(), config: z.looseObject({ kind: z.string() }), metrics: z.looseObject({}) })

/** Most memory that the process held so far, MB; null where the system does not tell. */
async function peakMb({ child }: Server): Promise<number | null> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024)
}

suite('what "npm start" does into an empty directory', () => {
  test(
    'simulates a whole market, trains the two-tower model, and gives two investors slates of their own',
    () =>
      inFolder(async (dir) => {
        const data = join(dir, 'data')
        const from = performance.now()
        const server = await startServer('start', data, 'simulated')
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
        expect(await others(server, key, mine.items[0]?.productId ?? '')).toBeGreaterThan(0)
        const stages = new Set(seen.map(({ detail }) => detail))
        expect([...stages]).toEqual(
          expect.arrayContaining([
            expect.stringMatching(/^simulating a market/) as string,
            'training a model',
            'building a release',
          ]),
        )
        server.child.kill('SIGTERM')
        expect(await server.ended).toBe(0)

        const [listed] = z
          .array(z.looseObject({ id: z.string() }))
          .parse(await jsonOf(['models', 'list', '--data', data]))
        const { config, metrics } = Run.parse(await jsonOf(['models', 'show', listed?.id ?? '', '--data', data]))
        expect(config.kind).toBe('two-tower')
        expect(metrics['holdout ndcg@10']).toBeGreaterThan(1.2 * Number(metrics['popularity ndcg@10']))
        expect(await jsonOf(['products', 'list', '--limit', '5000', '--data', data])).toHaveLength(4200)

        const again = performance.now()
        const second = await startServer('start', data)
        await untilReady(second)
        const later = (performance.now() - again) / 1000
        second.child.kill('SIGTERM')
        expect(await second.ended).toBe(0)
        console.info(
          `first answer ${seconds.toFixed(1)} s after the start, peak ${peak ?? 'untold'} MB; started again in ${later.toFixed(1)} s`,
        )
        if (peak !== null) expect(peak).toBeLessThan(2048)
      }),
    600_000,
  )
})

/** Of ten more investors, how many get a personal slate that begins with another product. */
async function others(server: Server, key: string, mine: string): Promise<number> {
  let different = 0
  for (let at = 10; at < 20; at++) {
    const answer = await recommend(server.url, key, `sim-i${String(at).padStart(6, '0')}`)
    if (answer.status === 200 && Slate.parse(await answer.json()).items[0]?.productId !== mine) different++
  }
  return different
}
