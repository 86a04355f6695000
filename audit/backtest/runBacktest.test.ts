import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Pack } from '../../engine/suitability/pack.js'
import { readPack } from '../../engine/suitability/readPack.js'
import { type Catalogue } from '../../features/schema/catalogue.js'
import { DecisionId, type Digest, FirmId, InvestorId } from '../../features/schema/ids.js'
import { randomDecision, randomDecisions } from '../../tests/randomDecisions.js'
import { naiveBacktest } from '../../tests/naiveBacktest.js'
import { openRecord, type Record } from '../record.js'
import { type Period } from '../recordedDecisions.js'
import { servedIn } from './compared.js'
import { judging, type Kept } from './judging.js'
import { type BacktestPorts, runBacktest } from './runBacktest.js'

const firmId = FirmId.parse('default')
const whole: Period = { firmId, from: null, to: null }
const { pack, catalogue, at } = randomDecisions
/** Of random investors few are served much: without its first rules the pack is looser. */
const looser: Pack = { ...pack, rules: pack.rules.slice(3), digest: `sha256:${'1'.repeat(64)}` as Digest }
const ports = {
  packOf: (digest: Digest) => Promise.resolve(digest === pack.digest ? pack : looser),
  catalogueOf: () => Promise.resolve(catalogue),
}

const backtested = (
  candidate: Pack,
  period: Period,
  { packOf, catalogueOf, ...rest }: Kept & Omit<BacktestPorts, 'judging'>,
) => runBacktest(period, { ...rest, judging: judging(candidate, { packOf, catalogueOf }) })

let dir: string
let record: Record
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aptus-backtest-'))
  record = await openRecord(join(dir, 'ledger'), join(dir, 'persons'))
})
afterEach(async () => {
  await record.close()
  await rm(dir, { recursive: true, force: true })
})

const investorOf = (number: number): InvestorId => InvestorId.parse(`investor-${number % 7}`)

async function append(number: number, whose = firmId, mode: 'live' | 'historical' = 'live'): Promise<void> {
  const { decision, investor, context } = randomDecision(number)
  const decisionId = DecisionId.parse(`d-${whose}-${mode}-${number}`)
  await record.append(
    { ...decision, mode },
    investor,
    { ...context, exclude: [] },
    {
      firmId: whose,
      investorId: investorOf(number),
      decisionId,
    },
  )
}

test('what lies in the ledger is compared as the decisions themselves are; other firms and historical ones are not', async () => {
  for (let number = 0; number < 40; number++) await append(number)
  for (let number = 0; number < 5; number++) await append(number, FirmId.parse('other'))
  for (let number = 0; number < 3; number++) await append(number, firmId, 'historical')
  const told: number[] = []
  const found = await backtested(looser, whole, { ...ports, record, told: (done) => void told.push(done) })
  expect(found.decisions).toEqual({ compared: 40, erased: 0, leftOut: 3, unlikeRecord: 0, withoutActivity: 0 })
  expect(found.ledger).toEqual({ entries: 48, head: record.ledger.lastHash() })
  expect(found.judgedBy).toEqual([{ id: pack.id, version: pack.version, digest: pack.digest, decisions: 40 }])
  expect([found.firstAt, found.lastAt, told.at(-1)]).toEqual([at, at + 39, 48])
  const judged = await Promise.all(
    Array.from({ length: 40 }, async (_, number) => {
      const { decision, investor } = randomDecision(number)
      const read = await record.read(firmId, DecisionId.parse(`d-default-live-${number}`))
      if (read === null) throw new Error('not recorded')
      return {
        entry: read.entry,
        slate: servedIn(read.entry.outcome),
        investor,
        verdictDigest: decision.verdictDigest,
        pack,
        catalogue,
      }
    }),
  )
  expect(found.total).toEqual(naiveBacktest(looser, judged).total)
  expect(found.total.gained).toBeGreaterThan(0)
})

test('a period holds its first instant and not its last', async () => {
  for (let number = 0; number < 10; number++) await append(number)
  const found = await backtested(pack, { firmId, from: at + 2, to: at + 5 }, { ...ports, record })
  expect([found.decisions.compared, found.firstAt, found.lastAt]).toEqual([3, at + 2, at + 4])
  expect([found.from, found.to]).toEqual([at + 2, at + 5])
})

test('decisions of the erased are counted apart', async () => {
  for (let number = 0; number < 14; number++) await append(number)
  await record.erase(firmId, investorOf(3))
  const found = await backtested(looser, whole, { ...ports, record })
  expect(found.decisions).toMatchObject({ compared: 12, erased: 2 })
  expect(found.total).toMatchObject({ decisions: 12, investors: 6 })
})

test('what is appended meanwhile is left out', async () => {
  for (let number = 0; number < 70; number++) await append(number)
  let more = 70
  const told = async (done: number, total: number): Promise<void> => {
    if (done < total) await append(more++)
  }
  const found = await backtested(pack, whole, { ...ports, record, told })
  expect([found.decisions.compared, found.ledger.entries, more]).toEqual([70, 70, 71])
})

test('a catalogue of another digest than a decision names is refused, and a pack that cannot be had', async () => {
  await append(1)
  const other: Catalogue = { ...catalogue, digest: `sha256:${'3'.repeat(64)}` as Digest }
  await expect(
    backtested(pack, whole, { ...ports, record, catalogueOf: () => Promise.resolve(other) }),
  ).rejects.toThrow('names catalogue revision 1 by another digest than is kept')
  const absent = new Error('no blob of that digest')
  await expect(backtested(pack, whole, { ...ports, record, packOf: () => Promise.reject(absent) })).rejects.toThrow(
    absent,
  )
})

test('an empty ledger has nothing to compare', async () => {
  const found = await backtested(readPack(readFileSync('packs/us-finra.yaml')), whole, { ...ports, record })
  expect(found.total).toMatchObject({ decisions: 0, investors: 0, permitted: { before: [], after: [] } })
  expect([found.firstAt, found.lastAt, found.judgedBy, found.products]).toEqual([null, null, [], []])
})
