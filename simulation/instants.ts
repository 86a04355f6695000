import { type Instant } from '../features/schema/time.js'

const dayMs = 86_400_000
const hourMs = 3_600_000
const minuteMs = 60_000

/** A day's changes of the catalogue are known from 00:30Z (08:30 in Shanghai). */
export const morningOf = (day: number): Instant => day * dayMs + hourMs / 2
/** Its NAVs and ratings from 14:30Z (22:30 in Shanghai). */
export const eveningOf = (day: number): Instant => day * dayMs + 14.5 * hourMs

/** Visits begin between 01:00Z and 13:20Z and last half an hour at most: one day, in UTC and in Shanghai. */
export const visitMinutes = 740
/** Instant `seconds` after the minute, counted from 01:00Z. */
export const visitAt = (day: number, minute: number, seconds: number): Instant =>
  day * dayMs + hourMs + minute * minuteMs + seconds * 1_000
