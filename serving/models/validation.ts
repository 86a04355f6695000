import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readPack } from '../../engine/suitability/readPack.js'
import { type Interactions } from '../../features/history/port.js'
import { type Instant } from '../../features/schema/time.js'
import { defaultEvaluation } from '../../training/evaluation/config.js'
import { validationOf } from '../../training/tuning/objective.js'
import { packFile } from '../configuration.js'
import { DataError } from '../dataError.js'
import { fitOn } from '../retrain.js'
import { type TrainingHome } from '../trainingHome.js'

/** What configs are tuned on: a validation period that ends before the test period of `trainRun`. Rejects with `DataError` where too little was recorded. */
export async function openValidation(home: TrainingHome, asOf: Instant, seed: number) {
  const recorded = await home.history.interactions(asOf)
  const validation = await validationOf({
    recorded,
    catalogueAsOf: (at) => home.catalogueLog.asOf(null, at),
    fit: async (config, known) => (await fitOn(home, config, known, seed)).artifact,
    pack: readPack(readFileSync(packFile('eval-open')), 'eval-open.yaml'),
    seed,
    investors: defaultEvaluation.investors,
  })
  if (validation === null)
    throw new DataError('too few purchases to hold out a test period and a validation period before it')
  return { ...validation, data: digestOf(recorded) }
}

/** SHA-256 over every row: a search that goes on must go on over the same data. */
function digestOf({ investorIds, productIds, rows }: Interactions): string {
  const hash = createHash('sha256').update(JSON.stringify([investorIds, productIds]))
  for (const { buffer, byteOffset, byteLength } of Object.values(rows))
    hash.update(new Uint8Array(buffer, byteOffset, byteLength))
  return hash.digest('hex')
}
