import { join } from 'node:path'
import { openRecord } from '../audit/record.js'
import { type Instant } from '../features/schema/time.js'
import { createService, type ServiceOptions } from './createService.js'
import { folders, type Home } from './home.js'
import { type Every, everyByTimer, keepCheckpoints } from './checkpoints.js'
import { type Service } from './service.js'

/**
 * Opens ledger and persons of a data directory, and the service over all of it. It signs checkpoints of the ledger at
 * its start, at its end and as `every` says. Closing it closes the home too.
 */
export async function openService(
  home: Home,
  options: {
    readonly now: () => Instant
    readonly onDisagreement: ServiceOptions['onDisagreement']
    readonly onUnrecorded?: NonNullable<ServiceOptions['onUnrecorded']>
    readonly following?: NonNullable<ServiceOptions['following']>
    readonly say: (text: string) => void
    readonly every?: Every
  },
): Promise<Service> {
  const record = await openRecord(join(home.dir, folders.ledger), join(home.dir, folders.persons), {}, home.identifiers)
  const { ledger, persons } = record
  if (ledger.cut !== null) options.say(`ledger: ${ledger.cut.words}`)
  if (home.journalCut !== null) options.say(`journal: ${home.journalCut}`)
  if (persons.cut !== null) options.say(`persons: ${persons.cut.words}`)
  const service = await createService({ home, record, ...options })
  const lastCheckpoint = await keepCheckpoints(ledger, options.say, options.every ?? everyByTimer)
  return {
    ...service,
    close: async () => {
      try {
        await lastCheckpoint()
      } finally {
        await service.close()
      }
    },
  }
}
