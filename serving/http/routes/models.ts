import { z } from 'zod'
import { type ModelRefusal } from '../../models/modelService.js'
import { type Promotion } from '../../models/promotions.js'
import { type Service } from '../../service.js'
import { type Language } from '../../../engine/explanation/texts.js'
import { formatInstant } from '../../../features/schema/time.js'
import { answer, type Answer } from '../answer.js'
import { PromotionAnswer } from '../modelSchemas.js'
import { problem } from '../problems.js'
import { type Handlers } from '../route.js'

type Names = 'listReleases' | 'activateRelease' | 'rollbackRelease' | 'listModels' | 'promoteModel'

export const modelRoutes = ({ models, releases }: Pick<Service, 'models' | 'releases'>): Handlers<Names> => ({
  listReleases: async () => answer(200, { items: await releases() }),
  activateRelease: async ({ language, path }) => {
    const done = await models.activate(path.digest)
    return 'refusal' in done ? refused(done, language) : answer(200, done)
  },
  rollbackRelease: async ({ language, reader, body }) => told(await models.rollback(reader, body.reason), language),
  listModels: async () =>
    answer(200, {
      items: (await models.list()).map(({ id, record, config, metrics }) => ({
        id,
        asOf: formatInstant(record.asOf),
        because: record.because,
        config,
        metrics,
      })),
    }),
  promoteModel: async ({ language, reader, path, body }) =>
    told(await models.promote({ runId: path.run, by: reader, ...body }), language),
})

const told = (done: Promotion | ModelRefusal, language: Language): Answer =>
  'refusal' in done ? refused(done, language) : answer(200, z.encode(PromotionAnswer, done))

const refused = ({ refusal, gates }: ModelRefusal, language: Language): Answer =>
  problem(refusal, language, gates === undefined ? {} : { gates })
