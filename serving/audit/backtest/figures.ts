/** 1234567 → `1,234,567`, on every machine. */
export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',')

/** A share in a hundred with one decimal; `–` of nothing. */
export const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${(Math.round((part * 1000) / whole) / 10).toFixed(1)} %`

/** `1 decision`, `2 decisions`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${grouped(value)} ${value === 1 ? one : many}`
