import { type ComparedBin } from '../../features/quality/compared.js'
import { html, type Html } from '../http/docs/html.js'

const [width, height, foot, head] = [320, 96, 18, 14]
/** Up to so many bins each has its label; of more every third. */
const mostLabels = 7

/** A whole number as it is, thousands by k, millions by M; else three digits. */
export function short(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(3)))
}

const nameOf = ({ from, to }: ComparedBin): string =>
  from === null ? (to === null ? 'any' : `<${short(to)}`) : to === null ? `>${short(from)}` : short(to)

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const rangeOf = ({ from, to }: ComparedBin): string => {
  if (from === null) return to === null ? 'any value' : `below ${short(to)}`
  if (to === null) return `above ${short(from)}`
  return from === to ? short(to) : `above ${short(from)} to ${short(to)}`
}

/** Shares of a column's bins, training beside now; bins that both left empty are not drawn. */
export function histogram(label: string, bins: readonly ComparedBin[]): Html {
  const drawn = bins.filter(({ training, now }) => training > 0 || now > 0)
  const most = Math.max(...drawn.flatMap(({ training, now }) => [training, now]), Number.EPSILON)
  const step = width / drawn.length
  const bar = Math.min(22, step * 0.42)
  const bars = drawn.map((bin, place) => {
    const middle = (place + 0.5) * step
    const draw = (series: string, share: number, x: number): Html => {
      const length = (share / most) * height
      return html`<rect
        class="${series}"
        x="${x.toFixed(1)}"
        y="${(head + height - length).toFixed(1)}"
        width="${bar.toFixed(1)}"
        height="${length.toFixed(1)}"
      />`
    }
    const nearEnd = step < 40
    const [anchor, x] =
      nearEnd && place === 0
        ? ['start', middle - bar]
        : nearEnd && place === drawn.length - 1
          ? ['end', middle + bar]
          : ['middle', middle]
    const isLabelled =
      drawn.length <= mostLabels || (place % 3 === 0 && place < drawn.length - 2) || place === drawn.length - 1
    return html`<g>
      <title>${rangeOf(bin)}: training ${percent(bin.training)}, now ${percent(bin.now)}</title>
      ${draw('before', bin.training, middle - bar)} ${draw('after', bin.now, middle)}
      ${isLabelled ? html`<text class="axis" style="text-anchor: ${anchor}" x="${x.toFixed(1)}" y="${head + height + foot - 4}">${nameOf(bin)}</text>` : html``}
    </g>`
  })
  return html`<svg viewBox="0 0 ${width} ${head + height + foot}" role="img" aria-label="${label}">
    <line class="tick" x1="0" x2="${width}" y1="${head + height}" y2="${head + height}" />
    <line class="tick" x1="0" x2="${width}" y1="${head}" y2="${head}" />
    <text class="scale" x="0" y="${head - 4}">${percent(most)}</text>
    ${bars}
  </svg>`
}
