import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeArtifact } from '../engine/model/artifact.js'
import { openForgettingLmdb } from '../storage/forgettingLmdb.js'
import { filesHolding, heldBelow, writingsOf } from '../tests/decodedStores.js'
import { httpOver } from '../tests/httpApp.js'
import { fitInvestor, type Installation, realInstallation, startOfTest } from '../tests/realService.js'
import { hasRedisServer, type RedisServer, startRedis } from '../tests/redisServers.js'
import { ModelConfig } from '../training/models/config.js'
import { writeRun } from '../training/run.js'
import { answersFolder, folders } from './home.js'
import { createIdempotency } from './http/idempotency.js'
import { lmdbIdempotency } from './http/idempotencyLmdb.js'
import { fitOn, releaseRun } from './retrain.js'

/** Free personal fields: everything that a caller may write in his own words. */
const names = [
  'investor id',
  'event id of a purchase',
  'event id of a reading',
  'content id',
  'decision id of an exposure',
  'questionnaire version',
  'excluded product',
  'kind of a document',
  'digest of a document',
  'who approved',
  'Idempotency-Key',
  'rejected line',
] as const
type Canaries = Readonly<Record<(typeof names)[number], Buffer>>
const newCanaries = (): Canaries => Object.fromEntries(names.map((name) => [name, randomBytes(16)])) as Canaries
const text = (canary: Buffer): string => canary.toString('hex')

const dayMs = 86_400_000
const occurredAt = new Date(startOfTest - 1000).toISOString()

/** Over HTTP, as the firm's app, its risk officer and an import would write of a person. */
async function live(installation: Installation, given: Canaries): Promise<void> {
  const { dir, serve, clock } = installation
  const investorId = text(given['investor id'])
  const path = `/v1/investors/${investorId}`
  await serve(async (service) => {
    const answers = createIdempotency(lmdbIdempotency(await openForgettingLmdb(join(dir, answersFolder))))
    const app = await httpOver(service, () => clock.now, answers)
    const done = async (reply: ReturnType<typeof app.ask>): Promise<void> => {
      const { status, text: said } = await reply
      expect({ status, said: status < 300 ? null : said }).toEqual({ status, said: null })
    }
    const event = (eventId: Buffer, fields: object) => ({ investorId, eventId: text(eventId), occurredAt, ...fields })
    try {
      const { id: _, riskAssessment, assessments, ...fit } = fitInvestor(investorId)
      const assessment = {
        level: riskAssessment?.level,
        assessedAt: new Date(assessments[0] ?? 0).toISOString(),
        questionnaireVersion: text(given['questionnaire version']),
      }
      const profile = { ...fit, riskAssessment: assessment }
      await done(app.ask('putInvestor', { path, body: profile }))
      const events = [
        event(given['event id of a purchase'], { type: 'purchase', productId: 'P1' }),
        event(given['event id of a reading'], {
          ...{ type: 'content-read', productId: 'P2', contentId: text(given['content id']) },
        }),
        event(randomBytes(16), {
          ...{ type: 'exposure', productId: 'P3', rank: 1, decisionId: text(given['decision id of an exposure']) },
        }),
      ]
      await done(app.ask('addEvents', { body: { events } }))
      const recommended = { investorId, context: { exclude: [text(given['excluded product'])] } }
      const headers = { 'idempotency-key': text(given['Idempotency-Key']) }
      await done(app.ask('recommend', { body: recommended, headers }))
      const evidence = {
        financialAssets: { minor: 600_000_000, currency: 'CNY' },
        experienceYears: 5,
        documents: [{ kind: text(given['kind of a document']), sha256: text(given['digest of a document']).repeat(2) }],
      }
      const change = {
        to: 'professional',
        by: 'right',
        approve: true,
        evidence,
        approvedBy: text(given['who approved']),
      }
      await done(app.ask('changeClass', { path: `${path}/class`, body: change }))
      await done(app.ask('exportInvestor', { path: `${path}/export` }))
    } finally {
      await app.close()
      await answers.close()
    }
  })
  const imports = join(dir, folders.imports, `0001-${investorId.slice(0, 4)}`)
  await mkdir(imports, { recursive: true })
  const line = `${investorId},C9,${text(given['rejected line'])}`
  await writeFile(join(imports, 'rejected.csv'), `file,line,column,message,original\n${line}\n`)
}

/** A model that learnt from everybody, released and active. */
async function learn({ open, clock }: Installation): Promise<string> {
  clock.now += dayMs
  const home = await open()
  try {
    const [config, asOf] = [ModelConfig.parse({ kind: 'ials', dimension: 2, viewWeight: 0.5 }), clock.now]
    const known = { catalogue: await home.catalogueLog.head(), recorded: await home.history.interactions(asOf), asOf }
    const { artifact, dataDigest } = await fitOn(home, config, known, 1)
    const record = { seed: 1, asOf, dataDigest, because: 'a test', seconds: 0 }
    const run = await writeRun(join(home.dir, folders.runs), {
      ...{ model: encodeArtifact(artifact), config, metrics: {}, record },
    })
    await releaseRun(home, run.id, true)
    return run.id
  } finally {
    await home.close()
  }
}

const erase = ({ dir, serve, clock }: Installation, given: Canaries) =>
  serve(async (service) => {
    const answers = createIdempotency(lmdbIdempotency(await openForgettingLmdb(join(dir, answersFolder))))
    const app = await httpOver(service, () => clock.now, answers)
    try {
      const path = `/v1/investors/${text(given['investor id'])}?report=true`
      return (await app.ask('deleteInvestor', { path })).json
    } finally {
      await app.close()
      await answers.close()
    }
  })

/** Which canaries stand in which files, of all that is decoded. */
const foundOf = async (dir: string, canaries: Canaries): Promise<Readonly<Record<string, readonly string[]>>> => {
  const held = await heldBelow(dir)
  return Object.fromEntries(names.map((name) => [name, filesHolding(held, canaries[name])]))
}
const nowhere = Object.fromEntries(names.map((name) => [name, []]))

/** Everywhere but the Idempotency-Key, of which a hash alone is kept. */
function expectEverywhere(found: Readonly<Record<string, readonly string[]>>): void {
  const { 'Idempotency-Key': hashed, ...others } = found
  expect(hashed).toEqual([])
  for (const [name, files] of Object.entries(others)) expect({ name, files }).not.toEqual({ name, files: [] })
}

test('an erased person is in no file of the data directory, decoded or not; who stays is', async () => {
  const installation = await realInstallation()
  try {
    const [erased, staying] = [newCanaries(), newCanaries()]
    await live(installation, staying)
    await live(installation, erased)
    const runId = await learn(installation)
    const before = await foundOf(installation.dir, erased)
    expectEverywhere(before)
    const kinds = new Set(Object.values(before).flatMap((files) => files.map((file) => file.split('/')[0])))
    expect([...kinds].sort()).toEqual(['history', 'imports', 'online', 'persons'])
    expect(await erase(installation, erased)).toMatchObject({ runs: [runId], releases: { length: 2 } })
    expect(await foundOf(installation.dir, erased)).toEqual(nowhere)
    expectEverywhere(await foundOf(installation.dir, staying))
  } finally {
    await installation.destroy()
  }
}, 120_000)

const suite = hasRedisServer('serving/erasureWhole') ? describe : describe.skip
suite('over redis', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.stop())

  /** Every key with its value, as the server's own client prints them: bytes that are no text as \xNN. */
  const inRedis = (): string =>
    server
      .ask('keys', '*')
      .split('\n')
      .filter((key) => key !== '')
      .map((key) => `${key} ${server.ask('get', key)}`)
      .join('\n')

  test('nor is he in the server', async () => {
    const installation = await realInstallation({ redisUrl: server.url })
    try {
      const [erased, staying] = [newCanaries(), newCanaries()]
      await live(installation, staying)
      await live(installation, erased)
      const holds = (canaries: Canaries, name: (typeof names)[number]): boolean =>
        writingsOf(canaries[name]).some((writing) => inRedis().includes(writing.toString('latin1')))
      expect([holds(erased, 'investor id'), holds(erased, 'questionnaire version')]).toEqual([true, true])
      await erase(installation, erased)
      for (const name of names) expect({ name, held: holds(erased, name) }).toEqual({ name, held: false })
      expect(holds(staying, 'investor id')).toBe(true)
      expect(await foundOf(installation.dir, erased)).toEqual(nowhere)
    } finally {
      await installation.destroy()
    }
  }, 120_000)
})
