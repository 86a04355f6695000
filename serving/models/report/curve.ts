import { type Curve } from '../../../training/curves.js'
import { grouped } from '../../audit/backtest/figures.js'
import { type Html } from '../../http/docs/html.js'
import { axisOf, figure, lineThrough, planePlot } from './plots.js'
import { soft } from './table.js'

const whole = (value: number): string => grouped(Math.round(value))
const short = (value: number): string => String(Number(value.toPrecision(3)))

/** How the fit went down. */
export function curve(of: Curve | null, kind: string): Html {
  if (of === null) return soft(`No curve: ${kind} is fitted in one step, or the run was made before curves were kept.`)
  const label = `${of.name} by ${of.by}`
  const x = {
    ...axisOf(
      of.by,
      of.points.map(([at]) => at),
      whole,
    ),
    low: 0,
  }
  const y = axisOf(
    of.name,
    of.points.map(([, value]) => value),
    short,
  )
  const plot = planePlot(label, { x, y, height: 260 }, (at) => [lineThrough('after line', of.points.map(at))])
  const [first, last] = [of.points[0]?.[1] ?? 0, of.points.at(-1)?.[1] ?? 0]
  const caption = `The ${of.name} that the fit on everything minimises, by ${of.by}: from ${short(first)} to ${short(last)}. It is of what was learnt from, and says nothing of what was held out.`
  return figure(caption, [], plot)
}
