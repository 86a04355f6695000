const msPerDay = 86_400_000

/** The example's own today; `npm start` moves every date so that the newest fact is of yesterday. */
export const lastDay = '2026-05-08'
export const firstDay = '2025-05-09'

export const dayBefore = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) - days * msPerDay).toISOString().slice(0, 10)

export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / msPerDay)

/** An instant `minute` minutes into a day (UTC). */
export const instantOn = (date: string, minute: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + minute * 60_000).toISOString().replace('.000Z', 'Z')

/** Lines of a CSV file: header first; no cell of the examples needs quotes. */
export const csv = (header: string, rows: readonly (readonly (string | number)[])[]): string =>
  [header, ...rows.map((row) => row.join(','))].join('\n') + '\n'
