/** Whether the big counts are run in full, as `npm run check:long` does; CI and `npm test` run a tenth of each. */
export const isFull = process.env['APTUS_FULL'] === '1'

export const counted = (inFull: number): number => (isFull ? inFull : Math.ceil(inFull / 10))
