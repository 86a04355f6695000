import { Command, Option } from 'commander'
import { join } from 'node:path'
import { type InvestorId } from '../features/schema/ids.js'
import { type Configuration, readConfiguration } from '../serving/configuration.js'
import { deferredService } from '../serving/deferredService.js'
import { fullSize, type Market, markets, type MarketSize, setUpFirstMarket } from '../serving/firstMarket.js'
import { answersFolder, type Home, isEmpty, keysFile, openHome } from '../serving/home.js'
import { createApp } from '../serving/http/app.js'
import { createMetrics } from '../serving/http/appMetrics.js'
import { createIdempotency } from '../serving/http/idempotency.js'
import { lmdbIdempotency } from '../serving/http/idempotencyLmdb.js'
import { createKeys, type Keys, type NewKey } from '../serving/http/keys.js'
import { messageWithoutPaths } from '../serving/http/withoutPaths.js'
import { listen, type Running } from '../serving/http/server.js'
import { openService } from '../serving/openService.js'
import { runsOn } from '../serving/runsOn.js'
import { type Service } from '../serving/service.js'
import { beginSetUp, endSetUp } from '../serving/unfinished.js'
import { openForgettingLmdb } from '../storage/forgettingLmdb.js'
import { firstSteps } from './firstSteps.js'
import { type Common, wholeNumber, withCommon } from './options.js'
import { Failure, progress, say, UsageError } from './output.js'
import { rulesAnnounced } from './rules/announce.js'

/** How often the auditor's search takes in what was recorded since. */
const searchEveryMs = 5000

type Options = Common & { readonly port?: number; readonly market?: Market } & Partial<MarketSize>

const withPort = (command: Command): Command =>
  withCommon(command).addOption(
    new Option('--port <port>', 'default: APTUS_PORT, else 8080').argParser(wholeNumber(0, 65_535)),
  )

export function startCommand(): Command {
  return withPort(
    new Command('start').description('what "npm start" runs: sets up an empty data directory, then serves'),
  )
    .addOption(
      new Option('--market <name>', 'what fills an empty directory: a full-size simulated market, or the small example')
        .choices(markets)
        .default('simulated'),
    )
    .option('--products <n>', 'of the simulated market', wholeNumber(1, 1_000_000), fullSize.products)
    .option('--investors <n>', 'of the simulated market', wholeNumber(1, 10_000_000), fullSize.investors)
    .option('--days <n>', 'of behaviour in it', wholeNumber(1, 36_500), fullSize.days)
    .action(async (options: Options) => serve(options, await beginSetUp(options.data)))
}

export function serveCommand(): Command {
  return withPort(new Command('serve').description('serves what the data directory holds')).action(
    async (options: Options) => {
      if (await isEmpty(options.data))
        throw new UsageError('the data directory is empty: run "aptus start", or "aptus import" first')
      await serve(options, false)
    },
  )
}

async function serve(options: Options, fresh: boolean): Promise<void> {
  const configuration = readConfiguration(process.env)
  say(await runsOn())
  const home = await openHome(options.data, configuration, { settingUp: fresh })
  if (home.identifiers === null)
    say('identifiers of investors lie in clear: APTUS_IDENTIFIERS_KEY encrypts them at rest (docs/privacy.md)')
  const deferred = deferredService()
  const front = await openFront(home, options, configuration, deferred.service).catch(async (error: unknown) => {
    await home.close()
    throw error
  })
  const { metrics } = front
  let stopped: Promise<void>
  try {
    if (fresh) await setUp(home, options, deferred.stage)
    deferred.stage('opening ledger and release')
    const service = await openService(home, {
      now: Date.now,
      onUnrecorded: (fault) => metrics.unrecordedExposures.add(1, { fault }),
      onDisagreement: (found) => {
        metrics.recheckDisagreements.add(found.count)
        say(JSON.stringify({ level: 'alarm', event: 'recheck-disagreement', ...found }))
      },
      following: {
        everyMs: searchEveryMs,
        failed: (error) => say(`search: not brought up to date: ${messageWithoutPaths(error as Error)}`),
      },
      say,
    })
    // Whoever is answered may stop us: listened for before anybody can be.
    stopped = untilStopped()
    // Answered from now on: what is recorded must not be cleared. Keys come last, so that those made are told.
    await endSetUp(options.data)
    deferred.ready(service)
    refuseUnready(service)
    const newKeys = await front.keys.ensureDefaultKeys()
    await announce({ home, service, newKeys, ...front })
  } catch (error) {
    await front.close()
    await home.close()
    throw error
  }
  await stopped
  say('stopping: answers under way end first')
  await front.close()
  await deferred.service.close()
}

/** How soon a key that was made or revoked beside the server counts. */
const refreshKeysMs = 1000

type Front = {
  readonly running: Running
  readonly keys: Keys
  readonly metrics: ReturnType<typeof createMetrics>
  readonly investorOf: (home: Home) => Promise<InvestorId | null>
  readonly close: () => Promise<void>
}

/** Everything that answers: keys, idempotency, routes, port. Open before the service is, so that /readyz answers. */
async function openFront(home: Home, options: Options, configuration: Configuration, service: Service): Promise<Front> {
  const keys = await createKeys(join(options.data, keysFile))
  const metrics = createMetrics()
  const database = await openForgettingLmdb(join(options.data, answersFolder))
  const idempotency = createIdempotency(lmdbIdempotency(database))
  // Erasures that were cut short, which the service finishes.
  for (const { firmId, investorId } of home.erasures.underWay()) await idempotency.forget(firmId, investorId)
  const app = createApp({
    service,
    keys,
    now: Date.now,
    idempotency,
    log: (entry) => say(JSON.stringify(entry)),
    metrics,
  })
  const running = await listen(app, options.port ?? configuration.port, configuration.host).catch((error: Error) => {
    throw new Failure(error.message)
  })
  const refreshing = setInterval(() => {
    keys.refresh().catch((error: Error) => say(`keys: ${error.message}; those known before still count`))
  }, refreshKeysMs).unref()
  return {
    running,
    keys,
    metrics,
    investorOf: someInvestor,
    close: async () => {
      clearInterval(refreshing)
      await running.close()
      await idempotency.close()
    },
  }
}

async function setUp(
  home: Home,
  { seed, market = 'simulated', products, investors, days }: Options,
  stage: (text: string) => void,
): Promise<void> {
  say(
    `The data directory is empty. It is filled with an INVENTED market (${market}): nothing and nobody in it is real.`,
  )
  const clock = (): number => performance.now()
  const bar = progress()
  const made = await setUpFirstMarket(home, {
    market,
    size: {
      products: products ?? fullSize.products,
      investors: investors ?? fullSize.investors,
      days: days ?? fullSize.days,
    },
    now: Date.now(),
    seed,
    clock,
    stage: (text) => {
      bar.stop()
      say(`  ${text}`)
      stage(text)
    },
    onProgress: bar.update,
  }).finally(bar.stop)
  say(`  ${made.products} products, ${made.investors} investors, ${made.events} events (all invented)`)
}

function refuseUnready(service: Service): void {
  const state = service.readiness()
  if (!state.ready) throw new Failure(`cannot serve: ${state.detail}`)
}

type Announced = Front & { readonly home: Home; readonly service: Service; readonly newKeys: readonly NewKey[] }

async function announce({ home, service, keys, running, newKeys, investorOf }: Announced): Promise<void> {
  for (const line of await rulesAnnounced(service, home, keys)) say(line)
  say(`serving on http://${running.host}:${running.port}  (reading: http://${running.host}:${running.port}/docs)`)
  const investor = await investorOf(home)
  if (newKeys.length > 0 && investor !== null)
    say(firstSteps(`http://${running.host}:${running.port}`, newKeys, investor))
}

/** Someone who is likely to get a slate: of a middle level, with his consents and a dated assessment. */
async function someInvestor({ store }: Home): Promise<InvestorId | null> {
  const ids = await store.ids(200)
  for (const id of ids) {
    const found = await store.get(id)
    const assessment = found?.profile.riskAssessment
    const consents = found?.profile.consents
    if (assessment?.level === 'C4' && assessment.assessedAt !== null && consents?.profiling && consents.personalisation)
      return id
  }
  return ids[0] ?? null
}

const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
