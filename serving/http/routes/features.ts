import { type Service } from '../../service.js'
import { answer } from '../answer.js'
import { qualityAnswer } from '../featureSchemas.js'
import { type Handlers } from '../route.js'

export const featureRoutes = (service: Service): Handlers<'featureQuality'> => ({
  featureQuality: async () => answer(200, qualityAnswer(await service.featureQuality())),
})
