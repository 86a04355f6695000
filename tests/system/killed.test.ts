import { z } from 'zod'
import { openRecord } from '../../audit/record.js'
import { verifyLog } from '../../audit/verify.js'
import { DecisionId, FirmId } from '../../features/schema/ids.js'
import { join } from 'node:path'
import { inFolder, isBuilt, jsonOf, keyFrom, recommend, type Server, startServer, untilReady } from './aptus.js'
import { counted } from '../full.js'

const suite = isBuilt('tests/system/killed.test.ts') ? describe : describe.skip

const kills = counted(50)
const total = 200 * kills
const atOnce = 32
const Answered = z.looseObject({ decisionId: z.string() })

/** Asks until `goal` decisions were answered, or the server is gone; an answer counts when all of it has arrived. */
async function ask(server: Server, key: string, investors: readonly string[], answered: string[], goal: number) {
  let next = answered.length
  const asking = async (): Promise<void> => {
    while (answered.length < goal) {
      const investor = investors[next++ % investors.length] ?? ''
      const answer = await recommend(server.url, key, investor)
        .then(async (reply) => ({ status: reply.status, body: await reply.json() }))
        .catch(() => null)
      if (answer === null) return
      if (answer.status !== 200 && answer.status !== 409) throw new Error(`answered ${answer.status}`)
      answered.push(Answered.parse(answer.body).decisionId)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, asking))
}

suite(`kill -9, ${kills} times during ${total} recommendations`, () => {
  test(
    'loses no answered decision',
    () =>
      inFolder(async (dir) => {
        const answered: string[] = []
        let key = ''
        let investors: readonly string[] = ['I01']
        for (let life = 0; life <= kills; life++) {
          const server = await startServer('start', dir)
          await untilReady(server)
          if (life === 0) {
            while (!server.said().includes('/docs tells the rest')) await new Promise((wait) => setTimeout(wait, 20))
            key = keyFrom(server.said(), 'app')
            investors = Array.from({ length: 50 }, (_, number) => `I${String(number + 1).padStart(2, '0')}`)
          }
          if (life < kills) {
            const goal = answered.length + total / (kills + 1)
            // Killed while 32 requests are under way: the goal of the askers lies beyond.
            const watch = setInterval(() => {
              if (answered.length >= goal) server.child.kill('SIGKILL')
            }, 1)
            await ask(server, key, investors, answered, Infinity).finally(() => clearInterval(watch))
            expect(await server.ended).toBeNull()
          } else {
            await ask(server, key, investors, answered, total)
            server.child.kill('SIGTERM')
            expect(await server.ended).toBe(0)
          }
        }
        expect(answered.length).toBeGreaterThanOrEqual(total)
        expect(new Set(answered).size).toBe(answered.length)

        const verified = await jsonOf(['audit', 'verify', '--data', dir])
        const lost: string[] = []
        const record = await openRecord(join(dir, 'ledger'), join(dir, 'persons'))
        for (const id of answered) {
          const found = await record.read(FirmId.parse('default'), DecisionId.parse(id))
          if (found === null || found.inputs === 'erased' || found.decision === null) lost.push(id)
        }
        await record.close()
        const { entries, faults } = await verifyLog(join(dir, 'ledger', 'log'))
        console.info(`${answered.length} answered over ${kills} kills, ${lost.length} lost; ${entries} in the ledger`)
        expect(lost).toEqual([])
        expect(faults).toEqual([])
        expect(verified).toMatchObject({ entries, faults: [] })
        expect(entries).toBeGreaterThanOrEqual(answered.length)
      }),
    1_200_000,
  )
})
