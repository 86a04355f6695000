import { html, type Html } from '../../http/docs/html.js'

/** Classes of the style, which colour them: this model, what it is held against, and a third. */
export type Series = 'after' | 'before' | 'third'

/** A value with its interval. */
export type Range = {
  readonly series: Series
  readonly name: string
  readonly low: number
  readonly value: number
  readonly high: number
}

const rowHeight = 17

/** Dots with their intervals on one axis that is as long as they need; the bounds are told below it. */
export function dotPlot(label: string, ranges: readonly Range[], text: (value: number) => string): Html {
  const [width, left, right] = [300, 78, 10]
  const [low, high] = boundsOf(ranges.flatMap((range) => [range.low, range.high]))
  const across = (value: number): number => left + ((value - low) / (high - low)) * (width - left - right)
  const bottom = ranges.length * rowHeight + 4
  return html`<svg viewBox="0 0 ${width} ${bottom + 16}" role="img" aria-label="${label}">
    <line class="tick" x1="${left}" x2="${width - right}" y1="${bottom}" y2="${bottom}" />
    <text class="axis start" x="${left}" y="${bottom + 13}">${text(low)}</text>
    <text class="axis end" x="${width - right}" y="${bottom + 13}">${text(high)}</text>
    ${ranges.map((range, place) => rangeAt(range, place * rowHeight + rowHeight / 2, across))}
  </svg>`
}

const rangeAt = ({ series, name, low, value, high }: Range, y: number, across: (value: number) => number): Html =>
  html`<text class="left" x="0" y="${y + 4}">${name}</text>
    <line class="${series} range" x1="${fixed(across(low))}" x2="${fixed(across(high))}" y1="${y}" y2="${y}" />
    <circle class="${series}" cx="${fixed(across(value))}" cy="${y}" r="4.5" />`

const fixed = (value: number): string => value.toFixed(1)

/** A little more than all values; where they are one, something about it. */
function boundsOf(values: readonly number[]): readonly [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const room = (most - least) * 0.06 || Math.abs(most) * 0.1 || 1
  return [least >= 0 ? Math.max(0, least - room) : least - room, most + room]
}

export type Axis = {
  readonly label: string
  readonly low: number
  readonly high: number
  readonly text: (value: number) => string
}

/** An axis that holds all values. */
export const axisOf = (label: string, values: readonly number[], text: Axis['text']): Axis => {
  const [low, high] = boundsOf(values)
  return { label, low, high, text }
}

export type Point = readonly [x: number, y: number]

/** A plane with ticks on both axes; `draw` is given where a point lies. */
export function planePlot(
  label: string,
  { x, y, height = 360 }: { readonly x: Axis; readonly y: Axis; readonly height?: number },
  draw: (at: (point: Point) => Point) => readonly Html[],
): Html {
  const [width, left, right, top, bottom] = [640, 66, 30, 24, 42]
  const share = (value: number, { low, high }: Axis): number => (value - low) / (high - low)
  const at = ([a, b]: Point): Point => [
    left + share(a, x) * (width - left - right),
    height - bottom - share(b, y) * (height - top - bottom),
  ]
  const [floor, ceiling] = [height - bottom, top]
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
    ${ticksOf(x).map((tick) => {
      const px = fixed(at([tick, y.low])[0])
      return html`<line class="tick" x1="${px}" x2="${px}" y1="${ceiling}" y2="${floor}" /><text
          class="axis"
          x="${px}"
          y="${floor + 15}"
          >${x.text(tick)}</text
        >`
    })}
    ${ticksOf(y).map((tick) => {
      const py = at([x.low, tick])[1]
      return html`<line class="tick" x1="${left}" x2="${width - right}" y1="${fixed(py)}" y2="${fixed(py)}" /><text
          class="axis end"
          x="${left - 6}"
          y="${fixed(py + 4)}"
          >${y.text(tick)}</text
        >`
    })}
    <text class="axis" x="${(left + width - right) / 2}" y="${height - 6}">${x.label}</text>
    <text class="axis start" x="0" y="12">${y.label}</text>
    ${draw(at)}
  </svg>`
}

/** 1, 2 or 5 times a power of ten apart, four to ten of them. */
function ticksOf({ low, high }: Axis): number[] {
  const power = 10 ** Math.floor(Math.log10((high - low) / 4))
  const step = [5, 2, 1].map((times) => times * power).find((each) => (high - low) / each >= 4) ?? power
  const [first, last] = [Math.ceil(low / step), Math.floor(high / step)]
  return Array.from({ length: last - first + 1 }, (_, place) => Number(((first + place) * step).toPrecision(12)))
}

export const lineThrough = (series: string, points: readonly Point[]): Html =>
  html`<polyline class="${series}" points="${points.map(([a, b]) => `${fixed(a)},${fixed(b)}`).join(' ')}" />`

export const dotAt = (series: string, [x, y]: Point, radius: number, title: string): Html =>
  html`<circle class="${series}" cx="${fixed(x)}" cy="${fixed(y)}" r="${radius}"><title>${title}</title></circle>`

/** What a plot shows and in which colours, above it. */
export const figure = (
  caption: string,
  series: readonly (readonly [string, string])[],
  plot: Html,
  shape: 'bars' | 'plane' = 'plane',
): Html =>
  html`<figure class="${shape}">
    <figcaption>
      ${caption}<br />${series.map(([name, text]) => html`<span class="legend"><span class="swatch ${name}"></span>${text}</span> `)}
    </figcaption>
    ${plot}
  </figure>`

export const seriesOf = { candidate: 'after', popularity: 'before', incumbent: 'third' } as const
