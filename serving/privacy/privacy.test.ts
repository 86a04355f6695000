import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Entry } from '../../audit/entry.js'
import { verifyLedger } from '../../audit/verify.js'
import { Event } from '../../features/schema/event.js'
import { InvestorId } from '../../features/schema/ids.js'
import { encodeArtifact } from '../../engine/model/artifact.js'
import { httpOver } from '../../tests/httpApp.js'
import { fitInvestor, type Installation, realInstallation, startOfTest } from '../../tests/realService.js'
import { folders } from '../home.js'
import { type RouteName } from '../http/contract/contract.js'
import { contract, type Route } from '../http/contract/contract.js'
import { defaultFirm } from '../investorKey.js'
import { ModelConfig } from '../../training/models/config.js'
import { writeRun } from '../../training/run.js'
import { fitOn, releaseRun } from '../retrain.js'
import { Unavailable } from '../service.js'

let installation: Installation
beforeEach(async () => {
  installation = await realInstallation()
})
afterEach(() => installation.destroy())

type Shown = { readonly entry: { readonly type: string }; readonly sealed: unknown }

const dayMs = 86_400_000
const i1 = InvestorId.parse('i1')
const view = (number: number, changes: object = {}) => ({
  eventId: `view-${number}`,
  type: 'view',
  investorId: 'i1',
  productId: 'P1',
  occurredAt: new Date(startOfTest - 1000 * number).toISOString(),
  ...changes,
})

const entriesIn = async (ledger: { iterate: () => AsyncIterable<{ entry: Entry }> }, type: Entry['type']) => {
  const found: Entry[] = []
  for await (const { entry } of ledger.iterate()) if (entry.type === type) found.push(entry)
  return found
}

test('each read by a key of scope risk is in the ledger: who, whom, what for; reads by the app are not', async () => {
  await installation.serve(async (service, _, { ledger, persons }) => {
    const app = await httpOver(service, () => startOfTest)
    try {
      await service.putInvestor(defaultFirm, fitInvestor('i1'))
      const given = await app.ask('recommend', { body: { investorId: 'i1' } })
      const { decisionId } = given.json as { decisionId: string }
      await app.ask('getInvestor', { path: '/v1/investors/i1' })
      expect(await entriesIn(ledger, 'profile-read')).toEqual([])

      const decision = `/v1/decisions/${decisionId}`
      const reads: readonly (readonly [RouteName, string])[] = [
        ['showDecision', decision],
        ['whyProduct', `${decision}/products/P1`],
        ['decisionProducts', `${decision}/products`],
        ['decisionReport', `${decision}/report`],
        ['counterfactual', `${decision}/products/P1/counterfactual`],
        ['findEntries', '/v1/decisions?investor=i1&limit=1'],
        ['sampleDecisions', '/v1/decisions/sample?n=1&seed=1'],
        ['exportInvestor', '/v1/investors/i1/export'],
      ]
      for (const [name, path] of reads)
        expect({ name, status: (await app.ask(name, { path })).status }).toEqual({ name, status: 200 })

      const pseudonym = await persons.pseudonymOf(defaultFirm, i1)
      const mark = app.keys.list().find(({ scopes }) => scopes.includes('risk'))?.mark
      const found = await entriesIn(ledger, 'profile-read')
      expect(found.map((entry) => 'how' in entry && entry.how)).toEqual(reads.map(([name]) => name))
      for (const entry of found) expect(entry).toMatchObject({ firmId: defaultFirm, pseudonym, by: `key:${mark}` })
      expect(found.map((entry) => 'of' in entry && entry.of)).toEqual([
        ...Array.from({ length: 5 }, () => decisionId),
        null,
        null,
        null,
      ])

      // A search finds them where they are asked for alone, and each search adds to them.
      const asked = await app.ask('findEntries', { path: '/v1/decisions?type=profile-read' })
      expect((asked.json as { items: unknown[] }).items).toHaveLength(reads.length)
      const all = await app.ask('findEntries', { path: '/v1/decisions' })
      expect((all.json as { items: { type: string }[] }).items.map(({ type }) => type)).not.toContain('profile-read')

      // What shows nobody is no read.
      const before = (await entriesIn(ledger, 'profile-read')).length
      await app.ask('showDecision', { path: '/v1/decisions/d-none' })
      await app.ask('coverDecisions')
      await app.ask('ledgerCheckpoint', { headers: { accept: 'application/json' } })
      await app.ask('replayDecision', { path: `${decision}/replay` })
      expect(await entriesIn(ledger, 'profile-read')).toHaveLength(before)

      expect(await service.eraseInvestor(defaultFirm, i1)).not.toBeNull()
      await app.ask('showDecision', { path: decision })
      expect(await entriesIn(ledger, 'profile-read')).toHaveLength(before)
    } finally {
      await app.close()
    }
  })
  expect(await verifyLedger(join(installation.dir, folders.ledger), {})).toMatchObject({ faults: [] })
})

test('every route of a human role is one that records its reads, or shows nobody', () => {
  const recorded: readonly RouteName[] = [
    'showDecision',
    'whyProduct',
    'decisionProducts',
    'decisionReport',
    'counterfactual',
    'replayDecision',
    'findEntries',
    'sampleDecisions',
    'showAssessment',
    'showClassChange',
    'showPurchaseCheck',
    'holdersNotFitting',
    'exportInvestor',
    'showBacktest',
    'backtestReport',
  ]
  const showsNobody: readonly RouteName[] = [
    // Its own record says who decided for whom.
    'changeClass',
    'exposures',
    // Counts over all.
    'featureQuality',
    'coverDecisions',
    'proveDecision',
    'ledgerCheckpoint',
    'ledgerConsistency',
    'rulesInForce',
    'listRuleProposals',
    'proposeRules',
    'approveRules',
    'withdrawRules',
    'startBacktest',
    'listReleases',
    'rollbackRelease',
    'activateRelease',
    'listModels',
    'promoteModel',
  ]
  const human = Object.entries<Route>(contract).filter(([, { scope }]) => scope === 'risk' || scope === 'science')
  expect(human.map(([name]) => name).sort()).toEqual([...recorded, ...showsNobody].sort())
})

test('where a read cannot be recorded, nothing is shown', async () => {
  await installation.serve(async (service, _, { ledger }) => {
    await service.putInvestor(defaultFirm, fitInvestor('i1'))
    const app = await httpOver(
      {
        ...service,
        privacy: {
          ...service.privacy,
          reads: {
            ...service.privacy.reads,
            ofEntry: () => Promise.reject(new Unavailable('no-ledger', 'the disk is full')),
          },
        },
      },
      () => startOfTest,
    )
    try {
      const given = await app.ask('recommend', { body: { investorId: 'i1' } })
      const { decisionId } = given.json as { decisionId: string }
      const shown = await app.ask('showDecision', { path: `/v1/decisions/${decisionId}` })
      expect([shown.status, shown.text.includes('inputs')]).toEqual([503, false])
      expect(await entriesIn(ledger, 'profile-read')).toEqual([])
    } finally {
      await app.close()
    }
  })
})

/** A market in which two investors bought before `asOf`, a run over it, and a release of that. */
async function trained(): Promise<{ runId: string; digest: string }> {
  const { serve, open, clock } = installation
  await serve(async (service) => {
    for (const id of ['i1', 'i2']) await service.putInvestor(defaultFirm, fitInvestor(id))
    await service.addEvents(
      defaultFirm,
      ['i1', 'i2'].flatMap((investorId) =>
        ['P1', 'P2', 'P3'].map((productId, place) =>
          Event.parse({
            ...view(place),
            eventId: `${investorId}-${productId}`,
            type: 'purchase',
            investorId,
            productId,
          }),
        ),
      ),
    )
  })
  clock.now += dayMs
  const home = await open()
  try {
    const [config, asOf] = [ModelConfig.parse({ kind: 'ials', dimension: 2 }), clock.now]
    const known = { catalogue: await home.catalogueLog.head(), recorded: await home.history.interactions(asOf), asOf }
    const { artifact, dataDigest } = await fitOn(home, config, known, 1)
    const run = await writeRun(join(home.dir, folders.runs), {
      model: encodeArtifact(artifact),
      config,
      metrics: {},
      record: {
        ...{ seed: 1, asOf, dataDigest, because: 'a test', seconds: 0 },
        historySequence: await home.history.sequence(),
      },
    })
    const { digest } = await releaseRun(home, run.id, true)
    return { runId: run.id, digest }
  } finally {
    await home.close()
  }
}

test('an export holds every row that the stores hold on a person, and a later request finds the read in it', async () => {
  const { runId, digest } = await trained()
  const { serve, dir } = installation
  await serve(async (service, home, { ledger, persons }) => {
    const app = await httpOver(service, () => installation.clock.now)
    try {
      await service.putInvestor(defaultFirm, fitInvestor('i1', { horizonMonths: 60 }))
      for (const body of [{ investorId: 'i1' }, { investorId: 'i2' }])
        await app.ask('recommend', { body, headers: { 'idempotency-key': `key-${body.investorId}` } })
      const checked = { investorId: 'i1', productId: 'P2', amount: { minor: 100_000, currency: 'CNY' } }
      expect((await app.ask('checkPurchase', { body: checked })).status).toBe(200)
      await app.ask('changeClass', { path: '/v1/investors/i1/class', body: { to: 'ordinary', approvedBy: null } })

      const reply = await app.ask('exportInvestor', { path: '/v1/investors/i1/export' })
      const held = reply.json as { readonly recorded: { readonly entries: readonly Shown[] } }
      expect(await app.ask('exportInvestor', { path: '/v1/investors/nobody/export' })).toMatchObject({ status: 404 })

      // Counted against the stores themselves.
      const [profiles, events] = [[] as unknown[], [] as unknown[]]
      for await (const batch of home.history.profilesKnown(8.64e15))
        profiles.push(...batch.filter(({ value }) => value.id === i1))
      for await (const batch of home.history.eventsKnown(8.64e15))
        events.push(...batch.filter(({ value }) => value.investorId === i1))
      const pseudonym = await persons.pseudonymOf(defaultFirm, i1)
      const entries: Entry[] = []
      for await (const { entry } of ledger.iterate())
        if ('pseudonym' in entry && entry.pseudonym === pseudonym) entries.push(entry)
      expect(profiles).toHaveLength(2)
      expect(events).toHaveLength(3)
      expect(new Set(entries.map(({ type }) => type))).toEqual(
        new Set(['decision', 'purchase-check', 'class-change', 'profile-read']),
      )
      expect(held).toMatchObject({
        format: 'aptus-personal-data/1',
        investorId: 'i1',
        erasureUnderWay: false,
        history: { profiles: { length: profiles.length }, events: { length: events.length } },
        now: { profile: { id: 'i1', horizonMonths: 60 }, holdings: { positions: { length: 3 } } },
        recorded: { pseudonym, entries: { length: entries.length } },
        rejectedLines: [],
        learntFrom: [
          { runId, kind: 'ials', interactions: 3, releases: [{ digest, active: true }] },
          // The installation's first release was built without a run: nothing tells that he is not in it.
          { runId: null, releases: [{ active: false }] },
        ],
        keptAnswers: [{ status: 200 }],
      })
      const shown = held.recorded.entries
      for (const { entry, sealed } of shown)
        expect([entry.type, sealed === null]).toEqual([entry.type, entry.type === 'profile-read'])
      expect(JSON.stringify(shown)).toContain('"horizonMonths":60')
      expect(reply.text).not.toContain('i2')
    } finally {
      await app.close()
    }
  })
  // A model holds no id of anybody.
  const runs = join(dir, folders.runs)
  for (const run of await readdir(runs)) {
    const model = await readFile(join(runs, run, 'model.safetensors'))
    for (const id of ['i1', 'i2']) expect(model.includes(id)).toBe(false)
    expect(model.includes('P1')).toBe(true)
  }
})

test('an erasure names the models that had learnt from him, in its answer and for ever in the ledger', async () => {
  const { runId, digest } = await trained()
  await installation.serve(async (service, _, { ledger, persons }) => {
    const app = await httpOver(service, () => installation.clock.now)
    try {
      await service.putInvestor(defaultFirm, fitInvestor('late'))
      await app.ask('recommend', { body: { investorId: 'i1' } })
      const pseudonym = await persons.pseudonymOf(defaultFirm, i1)
      const erased = await app.ask('deleteInvestor', { path: '/v1/investors/i1?report=true' })
      expect(erased).toMatchObject({ status: 200, json: { runs: [runId], releases: { 0: digest, length: 2 } } })
      expect((await app.ask('deleteInvestor', { path: '/v1/investors/late' })).status).toBe(204)
      expect((await app.ask('deleteInvestor', { path: '/v1/investors/late' })).status).toBe(404)

      const [first, second, ...more] = await entriesIn(ledger, 'erasure')
      expect(first).toMatchObject({ pseudonym, runs: [runId], releases: { 0: digest, length: 2 } })
      expect(second).toMatchObject({ runs: [], releases: [] })
      expect(more).toEqual([])
      const { entryId } = erased.json as { entryId: string }
      expect(first).toHaveProperty('entryId', entryId)
      const found = await app.ask('findEntries', { path: '/v1/decisions?type=erasure' })
      expect((found.json as { items: unknown[] }).items).toHaveLength(2)
    } finally {
      await app.close()
    }
  })
}, 30_000)
