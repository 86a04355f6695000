import { z } from 'zod'

/** Milliseconds since 1970-01-01T00:00:00Z; whole, and within what a JavaScript Date holds. */
export const Instant = z.int().min(-8_640_000_000_000_000).max(8_640_000_000_000_000)
export type Instant = z.infer<typeof Instant>

/** RFC 3339 text with `Z` on the outside, an Instant (ms UTC) on the inside. */
export const InstantText = z.codec(z.iso.datetime({ error: 'want an instant such as 2026-05-08T15:00:00Z' }), Instant, {
  decode: (text) => Date.parse(text),
  encode: (ms) => formatInstant(ms),
})

/** A calendar day without a zone, `YYYY-MM-DD`. */
export const LocalDate = z.iso.date({ error: 'want a day such as 2026-05-08' })
export type LocalDate = z.infer<typeof LocalDate>

export const formatInstant = (ms: Instant): string => new Date(ms).toISOString().replace('.000Z', 'Z')

/** Days since 1970-01-01 of a calendar day: an integer that orders and subtracts. */
export const dayNumber = (date: LocalDate): number => Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000)

/** The calendar day of a day number. */
export const dateOfDayNumber = (day: number): LocalDate => new Date(day * 86_400_000).toISOString().slice(0, 10)
