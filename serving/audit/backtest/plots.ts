import { html, type Html } from '../../http/docs/html.js'
import { grouped } from './figures.js'

/** One bar of a row: `series` is a class of the page's style, which colours it. */
export type Bar = { readonly series: Series; readonly value: number }
export type Series = 'lost' | 'gained' | 'before' | 'after'
export type BarRow = { readonly name: string; readonly bars: readonly Bar[] }

/** From the 10th to the 90th in a hundred, with a mark at the median. */
export type Range = { readonly series: Series; readonly low: number; readonly median: number; readonly high: number }
export type RangeRow = { readonly name: string; readonly ranges: readonly Range[] }

const width = 760
const left = 210
const right = 90
const barHeight = 13
const gap = 9
const head = 8
const foot = 24

/** Horizontal bars from 0, each with its value; the longest fills the width, or one of 1. */
export function barPlot(label: string, rows: readonly BarRow[], text: (value: number) => string = grouped): Html {
  const most = Math.max(1, ...rows.flatMap(({ bars }) => bars.map(({ value }) => value)))
  return plot(
    label,
    rows.map(({ name, bars }) => ({
      name,
      lines: bars.length,
      draw: (y) => bars.map((bar, line) => barAt(bar, y + line * barHeight, most, text)),
    })),
    null,
  )
}

const barAt = ({ series, value }: Bar, y: number, most: number, text: (value: number) => string): Html => {
  const length = across(value, most) - left
  return html`<rect class="${series}" x="${left}" y="${y + 1}" width="${length.toFixed(1)}" height="${barHeight - 2}" />
    <text class="value" x="${(left + length + 5).toFixed(1)}" y="${y + barHeight - 3}">${text(value)}</text>`
}

/** Ranges over a common axis from 0 to `most`. */
export function rangePlot(label: string, rows: readonly RangeRow[], most: number): Html {
  const axis = { most: Math.max(1, most), ticks: ticksTo(Math.max(1, most)) }
  return plot(
    label,
    rows.map(({ name, ranges }) => ({
      name,
      lines: ranges.length,
      draw: (y) => ranges.map((range, line) => rangeAt(range, y + line * barHeight, axis.most)),
    })),
    axis,
  )
}

const rangeAt = ({ series, low, median, high }: Range, y: number, most: number): Html => {
  const [from, middle, to] = [across(low, most), across(median, most), across(high, most)]
  const centre = y + barHeight / 2
  return html`<line class="${series}" x1="${from.toFixed(1)}" x2="${to.toFixed(1)}" y1="${centre}" y2="${centre}" />
    <circle class="${series}" cx="${middle.toFixed(1)}" cy="${centre}" r="5" />
    <text class="value" x="${(to + 8).toFixed(1)}" y="${y + barHeight - 3}">${grouped(median)}</text>`
}

const across = (value: number, most: number): number => left + (value / most) * (width - left - right)

/** 1, 2 or 5 times a power of ten apart, four or more of them. */
function ticksTo(most: number): readonly number[] {
  const power = 10 ** Math.floor(Math.log10(most / 4))
  const step = Math.max(1, [5, 2, 1].map((times) => times * power).find((each) => most / each >= 4) ?? power)
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, place) => place * step)
}

type Row = { readonly name: string; readonly lines: number; readonly draw: (y: number) => readonly Html[] }
type Axis = { readonly most: number; readonly ticks: readonly number[] }

function plot(label: string, rows: readonly Row[], axis: Axis | null): Html {
  const tops: number[] = []
  let height = head
  for (const { lines } of rows) {
    tops.push(height)
    height += lines * barHeight + gap
  }
  const marks = (axis?.ticks ?? []).map((tick) => {
    const x = across(tick, axis?.most ?? 1).toFixed(1)
    return html`<line class="tick" x1="${x}" x2="${x}" y1="${head - 4}" y2="${height}" />
      <text class="axis" x="${x}" y="${height + 15}">${grouped(tick)}</text>`
  })
  return html`<svg viewBox="0 0 ${width} ${height + (axis === null ? 4 : foot)}" role="img" aria-label="${label}">
    ${marks}
    ${rows.map(({ name, lines, draw }, place) => {
      const y = tops[place] ?? 0
      return html`<text class="name" x="${left - 10}" y="${y + (lines * barHeight) / 2 + 4}">${shortened(name)}</text>
        ${draw(y)}`
    })}
  </svg>`
}

const longest = 30
/** A Chinese character takes the room of two letters. */
function shortened(name: string): string {
  let room = longest
  const signs = [...name]
  const end = signs.findIndex((sign) => (room -= (sign.codePointAt(0) ?? 0) > 0x2e80 ? 2 : 1) < 0)
  return end === -1 ? name : `${signs.slice(0, end - 1).join('')}…`
}
