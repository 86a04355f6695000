import { type Pack } from './pack.js'

const activityInputs: ReadonlySet<string> = new Set(['turnoverBps12Months', 'costBps12Months'])

/** Whether rules of a pack read what an investor bought in 12 months: then a decision wants his trades read. */
export const readsActivity = (pack: Pack): boolean =>
  pack.rules.some(({ applies, permits }) =>
    [...(applies?.names ?? []), ...permits.names].some(
      ({ entity, field }) => entity === 'investor' && activityInputs.has(field),
    ),
  )
