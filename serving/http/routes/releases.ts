import { type Service } from '../../service.js'
import { answer } from '../answer.js'
import { type Handlers } from '../route.js'

export const releaseRoutes = (service: Service): Handlers<'listReleases'> => ({
  listReleases: async () => answer(200, { items: await service.releases() }),
})
