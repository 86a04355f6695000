/** Whether the big counts are run in full, as `npm run check:long` does; CI and `npm test` run a tenth of each. */
const full = process.env['APTUS_FULL'] === '1'

export const counted = (inFull: number): number => (full ? inFull : Math.ceil(inFull / 10))
