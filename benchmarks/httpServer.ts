import express from 'express'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importCnFunds } from '../features/ingest/cnFunds/importCnFunds.js'
import { importCsv } from '../features/ingest/csv/importCsv.js'
import { readConfiguration } from '../serving/configuration.js'
import { openHome } from '../serving/home.js'
import { createApp } from '../serving/http/app.js'
import { createIdempotency } from '../serving/http/idempotency.js'
import { memoryIdempotency } from '../serving/http/idempotencyMemory.js'
import { createKeys } from '../serving/http/keys.js'
import { listen } from '../serving/http/server.js'
import { importInto } from '../serving/intake.js'
import { openService } from '../serving/openService.js'
import { releaseRun, trainRun } from '../serving/retrain.js'
import { ModelConfig } from '../training/models/config.js'
import { asOf, realDataDir } from './realCatalogue.js'

/**
 * The child of benchmarks/http.ts: the whole service over the real funds, at the instant of their files, and beside it
 * the same Express with the same body parser answering a canned reply. Tells its CPU time when asked.
 */
const dir = await mkdtemp(join(tmpdir(), 'aptus-http-'))
const home = await openHome(dir, readConfiguration({}))
const options = { strict: false, importedAt: asOf }
await importInto(home, importCnFunds, { ...options, dir: join(realDataDir(), 'cn-funds') })
await importInto(home, importCsv, { ...options, dir: 'examples/cn-investors' })
const run = await trainRun(home, {
  config: ModelConfig.parse({ kind: 'auto' }),
  seed: 1,
  asOf,
  clock: () => performance.now(),
})
await releaseRun(home, run.id, true)

let tick = asOf
const service = await openService(home, {
  now: () => ++tick,
  onDisagreement: () => process.exit(3),
  say: console.error,
})
const keys = await createKeys(join(dir, 'keys.json'))
const [app] = await keys.ensureDefaultKeys()
const real = createApp({
  service,
  keys,
  now: Date.now,
  idempotency: createIdempotency(memoryIdempotency()),
  log: console.error,
})
const running = await listen(real, 0)

const canned = express().disable('x-powered-by').disable('etag')
let reply = ''
canned.post('/v1/recommendations', express.json(), (_request, response) => {
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.end(reply)
})
const plain = await listen(canned, 0)

type Asked = { readonly cpu?: true; readonly reply?: string; readonly stop?: true }
process.on('message', (message: Asked) => {
  if (message.reply !== undefined) reply = message.reply
  if (message.stop) void stop()
  else process.send?.({ cpu: process.cpuUsage(), rssMb: Math.round(process.memoryUsage().rss / 2 ** 20) })
})
process.send?.({ ports: { real: running.port, canned: plain.port }, key: app?.key })

async function stop(): Promise<void> {
  await running.close(100)
  await plain.close(100)
  await service.close()
  await rm(dir, { recursive: true, force: true })
  process.disconnect()
}
