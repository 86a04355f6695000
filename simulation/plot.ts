/** A line of a plot, in the units of its axes. */
export type Line = {
  readonly name: string
  readonly colour: string
  readonly points: readonly (readonly [number, number])[]
}

/** An axis: its label, bounds, and where it is ticked. `position` maps a value of the axis to 0 … 1. */
export type Axis = {
  readonly label: string
  readonly ticks: readonly number[]
  readonly position: (value: number) => number
  readonly text: (value: number) => string
}

const width = 640
const height = 360
const left = 64
const bottom = 60
const top = 36
const right = 16

const x = (axis: Axis, value: number): string => (left + axis.position(value) * (width - left - right)).toFixed(1)
const y = (axis: Axis, value: number): string =>
  (height - bottom - axis.position(value) * (height - bottom - top)).toFixed(1)

export const percent = (value: number): string => `${Math.round(value * 1_000) / 10} %`

/** Evenly from 0 to `most`. */
export const linear = (label: string, ticks: readonly number[], most: number, text: Axis['text']): Axis => ({
  label,
  ticks,
  text,
  position: (value) => value / most,
})

/** Each tick as far from the next: for counts whose steps grow. */
export const stepped = (label: string, ticks: readonly number[], text: Axis['text']): Axis => ({
  label,
  ticks,
  text,
  position: (value) => ticks.indexOf(value) / (ticks.length - 1),
})

const frame = (title: string, body: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${left}" y="18" font-size="14" fill="#222">${title}</text>`,
    ...body,
    '</svg>',
    '',
  ].join('\n')

const axes = (across: Axis, up: Axis): string[] => [
  ...up.ticks.flatMap((tick) => [
    `<line x1="${left}" x2="${width - right}" y1="${y(up, tick)}" y2="${y(up, tick)}" stroke="#ddd"/>`,
    `<text x="${left - 6}" y="${y(up, tick)}" dy="4" text-anchor="end" fill="#444">${up.text(tick)}</text>`,
  ]),
  ...across.ticks.map(
    (tick) =>
      `<text x="${x(across, tick)}" y="${height - bottom + 18}" text-anchor="middle" fill="#444">${across.text(tick)}</text>`,
  ),
  `<text x="${(width + left) / 2}" y="${height - 8}" text-anchor="middle" fill="#222">${across.label}</text>`,
  `<text transform="translate(14 ${height / 2}) rotate(-90)" text-anchor="middle" fill="#222">${up.label}</text>`,
]

const legend = (lines: readonly { readonly name: string; readonly colour: string }[]): string[] =>
  lines.flatMap(({ name, colour }, i) => [
    `<rect x="${width - 190 + 96 * i}" y="8" width="12" height="12" fill="${colour}"/>`,
    `<text x="${width - 174 + 96 * i}" y="18" fill="#222">${name}</text>`,
  ])

export const linePlot = (title: string, across: Axis, up: Axis, lines: readonly Line[]): string =>
  frame(title, [
    ...axes(across, up),
    ...lines.map(({ points, colour }) => {
      const path = points.map(([a, b]) => `${x(across, a)},${y(up, b)}`).join(' ')
      return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`
    }),
    ...legend(lines),
  ])

/** Bars from the 10th to the 90th in a hundred with a mark at the middle, a group a category. */
export function rangePlot(
  title: string,
  up: Axis,
  categories: readonly string[],
  groups: readonly {
    readonly name: string
    readonly colour: string
    readonly ranges: readonly (readonly number[] | null)[]
  }[],
): string {
  const step = (width - left - right) / categories.length
  const bars = groups.flatMap(({ colour, ranges }, g) =>
    ranges.flatMap((range, i) => {
      const [low, middle, high] = range ?? []
      if (low === undefined || middle === undefined || high === undefined) return []
      const at = left + step * (i + 0.5) + (g - (groups.length - 1) / 2) * 9
      return [
        `<line x1="${at.toFixed(1)}" x2="${at.toFixed(1)}" y1="${y(up, low)}" y2="${y(up, high)}" stroke="${colour}" stroke-width="6"/>`,
        `<circle cx="${at.toFixed(1)}" cy="${y(up, middle)}" r="4" fill="#fff" stroke="${colour}" stroke-width="2"/>`,
      ]
    }),
  )
  const labels = categories.map((name, i) => {
    const at = left + step * (i + 0.5)
    return `<text transform="translate(${at.toFixed(1)} ${height - bottom + 10}) rotate(-24)" text-anchor="end" font-size="9" fill="#444">${name}</text>`
  })
  const none: Axis = { label: '', ticks: [], position: () => 0, text: String }
  return frame(title, [...axes(none, up), ...bars, ...labels, ...legend(groups)])
}
