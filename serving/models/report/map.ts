import { groupOfKind, kindGroups } from '../../../features/definitions/product/kindGroup.js'
import { grouped } from '../../audit/backtest/figures.js'
import { type Html } from '../../http/docs/html.js'
import { type RunReport } from './data.js'
import { axisOf, dotAt, figure, planePlot } from './plots.js'
import { soft } from './table.js'

const short = (value: number): string => String(Number(value.toPrecision(3)))

/** The products' vectors on a plane, coloured by group of kinds. */
export function map({ map: found, kinds }: Pick<RunReport, 'map' | 'kinds'>): Html {
  if (found === null) return soft('No map: the model has no vectors of products, or too long ones to be drawn.')
  const points = found.points.flatMap((point) => {
    const kind = kinds.get(point.productId)
    return kind === undefined ? [] : [{ ...point, kind, group: kindGroups.indexOf(groupOfKind[kind]) }]
  })
  const label = 'Directions of the products’ vectors in their two axes of greatest variance'
  const x = axisOf(
    'first axis',
    points.map((point) => point.x),
    short,
  )
  const y = axisOf(
    'second axis',
    points.map((point) => point.y),
    short,
  )
  const plot = planePlot(label, { x, y, height: 460 }, (at) =>
    points.map((point) =>
      dotAt(`dot g${point.group}`, at([point.x, point.y]), 3.2, `${point.productId}, ${point.kind}`),
    ),
  )
  const drawn = kindGroups.flatMap((group, place) =>
    points.some((point) => point.group === place) ? [[`g${place}`, group] as const] : [],
  )
  const caption = `${label}, which keep ${(100 * found.explained).toFixed(0)} % of it (principal components): ${grouped(points.length)} of ${grouped(kinds.size)} products. Near on the map need not be near to the model where little is kept.`
  return figure(caption, drawn, plot)
}
