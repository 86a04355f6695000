import { type EventFault } from '../../events.js'
import { type Service } from '../../service.js'
import { answer } from '../answer.js'
import { listed } from '../faults.js'
import { invalid, notInRange } from '../invalid.js'
import { type Handlers } from '../route.js'

const faults = {
  'unknown-investor': { field: 'investorId', message: 'unknown investor: put his profile first' },
  'occurred-later': { field: 'occurredAt', message: 'lies more than 5 minutes ahead of the clock of this server' },
} as const satisfies Record<EventFault['code'], { field: string; message: string }>

export const eventRoutes = (service: Service): Handlers<'addEvents'> => ({
  addEvents: async ({ firmId, language, body: { events } }) => {
    const impossible = events.flatMap((event, place) =>
      service.ranges.faults('event', event).map((fault) => ({ at: ['events', String(place)], fault })),
    )
    if (impossible.length > 0) return notInRange(impossible, language)
    const given = await service.addEvents(firmId, events)
    return 'faults' in given ? invalid(given.faults.slice(0, listed).map(inBody), language) : answer(200, given)
  },
})

const inBody = ({ place, code }: EventFault) => ({
  in: 'body' as const,
  pointer: `/events/${place}/${faults[code].field}`,
  message: faults[code].message,
})
