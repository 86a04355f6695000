import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Pack } from '../engine/suitability/pack.js'
import { readPack } from '../engine/suitability/readPack.js'
import { type ModelConfig, parseModelConfig } from '../training/models/config.js'
import { evaluateFarTrans, evaluateFarTransValidation } from '../training/protocols/farTrans.js'
import { decideRecommender, fitOnce } from '../training/protocols/farTransDecide.js'
import { validationDates } from '../training/protocols/farTransFiles.js'
import { type FarTransReport } from '../training/protocols/farTransReport.js'
import { packFile } from './marketHoldout.js'
import { realDataDir } from './realCatalogue.js'
import { report, rounded } from './suite.js'

/** The best first, for the whole takes half an hour of processor time, and what is done is written. */
const models = [
  'blend-far-trans',
  'item-knn-far-trans',
  'ease-500-far-trans',
  'ease-far-trans',
  'ials-far-trans',
  'popularity',
] as const
const packs = { off: 'eval-open', on: 'eval-band' } as const

const configOf = (name: string): ModelConfig =>
  name === 'ease-500-far-trans'
    ? parseModelConfig('{ kind: ease, lambda: 500 }', name)
    : parseModelConfig(readFileSync(join('training/configs', `${name}.yaml`), 'utf8'), name)

const packNamed = (name: string): Pack => readPack(readFileSync(packFile(name)), `${name}.yaml`)

/** Every model on the dates that it was tuned on and on splits, suitability off and on, each fitted once a split. */
export async function farTransTable(splits: readonly number[]): Promise<void> {
  const dir = join(realDataDir(), 'far-trans')
  const rows: object[] = []
  let forbidden: number | null = null
  for (const name of models) {
    const config = configOf(name)
    const fit = fitOnce(config, 1)
    for (const [suitability, packName] of Object.entries(packs)) {
      const from = process.cpuUsage()
      const recommenderFor = decideRecommender(config, 1, packNamed(packName), fit)
      const validation = await evaluateFarTransValidation({ dir, recommenderFor }, validationDates)
      const test = await evaluateFarTrans({ dir, splits, recommenderFor })
      const { user, system } = process.cpuUsage(from)
      rows.push({
        model: name.replace('-far-trans', ''),
        suitability,
        ...figuresOf('validation', validation),
        ...figuresOf('test', test),
        testAboveBand: rounded(test.metrics.shareAboveBand ?? NaN, 4),
        testPc: rounded(test.metrics['pc@10'] ?? NaN, 4),
        cpuSeconds: rounded((user + system) / 1e6, 0),
      })
      forbidden = test.metrics.forbiddenShare
    }
    write(rows, splits.length, forbidden)
  }
}

function write(rows: readonly object[], splits: number, forbidden: number | null): void {
  report('far-trans', {
    question: 'How good is each model at each date, and what does suitability cost?',
    baseline: 'popularity; EASE with λ = 500 as published with the data (.4029 / .5866 off, .2372 / .3493 on)',
    n: `validation: ${validationDates.join(', ')}; test: ${splits} splits; every slate by engine/decide`,
    rows,
    remarks: [
      'Configs were fixed on the validation dates. low, high: 95 % interval over customers, percentile bootstrap of 1,000 resamples; a customer counts once, however many splits he stands in.',
      `Share of what customers bought in the test windows that lies above their band, and that the filter therefore forbids: ${rounded(forbidden ?? NaN, 4)}; customers of unknown level included.`,
      'cpuSeconds: of both data sets; the fits stand in the row "off" alone.',
    ],
  })
}

const figuresOf = (prefix: string, { metrics, intervals }: FarTransReport): Record<string, number | string> => ({
  [`${prefix} ndcg@10`]: rounded(metrics['ndcg@10'] ?? NaN, 4),
  [`${prefix} ndcg@10 95 %`]: range(intervals['ndcg@10']),
  [`${prefix} recall@10`]: rounded(metrics['recall@10'] ?? NaN, 4),
  [`${prefix} recall@10 95 %`]: range(intervals['recall@10']),
})

const range = (ends: readonly number[]): string => ends.map((end) => end.toFixed(4)).join(' to ')
