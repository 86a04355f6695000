import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { openRecord } from '../../audit/record.js'
import { hnswRecall } from '../../benchmarks/hnsw.js'
import { referenceFor } from '../../engine/suitability/reference.js'
import { productInputsOf, subjectOf } from '../../engine/suitability/inputs.js'
import { levelNumber, RiskLevel } from '../../features/schema/levels.js'
import { DecisionId, Digest, FirmId } from '../../features/schema/ids.js'
import { openCatalogueLog } from '../../features/store/catalogueLog.js'
import { packOf } from '../../serving/packs.js'
import { openBlobs } from '../../storage/blobs.js'
import { openReleases } from '../../training/releases.js'
import { aptus, inFolder, isBuilt, jsonOf } from './aptus.js'

const funds = join(process.env['APTUS_REAL_DATA'] ?? '../shared/data', 'cn-funds')
const present = existsSync(funds)
if (!present) {
  if (process.env['CI_NO_SKIP'] === '1') throw new Error('cn-funds is absent, and CI_NO_SKIP=1 forbids to skip')
  console.warn('skipped: tests/system/realFunds.test.ts, set APTUS_REAL_DATA to the folder that holds cn-funds/')
}
const suite = present && isBuilt('tests/system/realFunds.test.ts') ? describe : describe.skip

const Answer = z.looseObject({
  decisionId: z.string(),
  kind: z.string(),
  mode: z.string(),
  recommendable: z.int(),
  withheld: z.looseObject({ total: z.int(), byRule: z.record(z.string(), z.int()) }),
  items: z.array(z.looseObject({ productId: z.string(), riskLevel: RiskLevel })).default([]),
})
const asOf = '2026-05-08T15:00:00Z'
const levels = [1, 2, 3, 4, 5]

/** For each decision: of how many products of its catalogue the reference evaluator names a rule, and of how many none. */
async function judgedAnew(dir: string, ids: readonly string[]) {
  const blobs = openBlobs(join(dir, 'blobs'))
  const catalogueLog = await openCatalogueLog(join(dir, 'catalogue'))
  const record = await openRecord(join(dir, 'ledger'), join(dir, 'persons'))
  try {
    const counts: { named: number; unnamed: number }[] = []
    for (const id of ids) {
      const found = await record.read(FirmId.parse('default'), DecisionId.parse(id))
      if (found === null || found.inputs === 'erased') throw new Error(`${id} cannot be read`)
      const { packDigest, catalogue: seen, at } = found.entry
      const pack = await packOf(packDigest, blobs)
      const { products } = await catalogueLog.asOf(seen.revision, seen.knownBefore)
      const subject = subjectOf(found.inputs.investor, 'push', pack, at)
      const reference = referenceFor(pack)
      const named = products.filter(
        (product) => reference.findings(productInputsOf(product, pack.timeZone), subject).length > 0,
      ).length
      counts.push({ named, unnamed: products.length - named })
    }
    return counts
  } finally {
    await record.close()
  }
}

suite('the real Chinese funds', () => {
  test(
    'five investors: suitable slates, and every other fund names its rule; HNSW finds what the scan finds',
    () =>
      inFolder(async (dir) => {
        const imported = z
          .looseObject({ accepted: z.looseObject({ products: z.int() }) })
          .parse(await jsonOf(['import', 'cn-funds', funds, '--data', dir]))
        const size = imported.accepted.products
        await jsonOf(['import', 'csv', join('examples', 'cn-investors'), '--data', dir])
        await jsonOf(['train', '--data', dir])
        const built = z.looseObject({ digest: Digest }).parse(await jsonOf(['release', 'build', '--data', dir]))

        const answers: z.infer<typeof Answer>[] = []
        for (const level of levels)
          answers.push(Answer.parse(await jsonOf(['recommend', `cn-c${level}`, '--as-of', asOf, '--data', dir])))
        console.info(
          answers
            .map(({ recommendable, items }, n) => `C${n + 1}: ${recommendable} recommendable, ${items.length} shown`)
            .join('; '),
          `of ${size} funds`,
        )
        for (const [place, { mode, kind, items, recommendable, withheld }] of answers.entries()) {
          expect(mode).toBe('historical')
          expect(recommendable + withheld.total).toBe(size)
          expect(items.every(({ riskLevel }) => levelNumber(riskLevel) <= place + 1)).toBe(true)
          expect(items.length > 0).toBe(kind !== 'refusal')
          expect(kind === 'refusal').toBe(recommendable === 0)
        }
        expect(answers[4]?.recommendable).toBeGreaterThanOrEqual(4500)

        const anew = await judgedAnew(
          dir,
          answers.map(({ decisionId }) => decisionId),
        )
        expect(anew).toEqual(
          answers.map(({ recommendable, withheld }) => ({ named: withheld.total, unnamed: recommendable })),
        )
        expect((await aptus(['audit', 'verify', '--data', dir])).code).toBe(0)

        const release = await (
          await openReleases(join(dir, 'releases'), openBlobs(join(dir, 'blobs')))
        ).open(built.digest)
        const recalls = await hnswRecall(release.vectors)
        console.info(
          recalls.map(({ levels: of, permitted, recall }) => `${of}, ${permitted}: ${recall.toFixed(4)}`).join('; '),
        )
        for (const { recall } of recalls) expect(recall).toBeGreaterThanOrEqual(0.99)
      }),
    300_000,
  )
})
