/** Beside the style of the back-test's page. */
export const more = `
:root { --third: #8a4fb0 } @media (prefers-color-scheme: dark) { :root { --third: #c9a0ee } }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); gap: .9rem; margin: 1rem 0 }
.card { border: 1px solid var(--line); border-radius: 8px; padding: .65rem .85rem; break-inside: avoid; min-width: 0 }
.card h3 { margin: 0; font-size: .98rem } .card p { font-size: .84rem; margin: .1rem 0 } .card svg { margin: .35rem 0 .1rem }
.card ol { margin: .4rem 0 0; padding-left: 1.3rem; font-size: .84rem } .card li { margin: .3rem 0; overflow-wrap: anywhere }
.wide { grid-template-columns: repeat(auto-fill, minmax(min(21rem, 100%), 1fr)); align-items: start }
.better { color: var(--gained); font-weight: 600 } .worse { color: var(--lost); font-weight: 600 }
.verdict { border-left: 4px solid var(--line); padding: .3rem 0 .3rem .9rem } .verdict.open { border-color: var(--gained) } .verdict.shut { border-color: var(--lost) }
.scroll, figure { overflow-x: auto } figure svg { min-width: 32rem } figure.plane svg { max-width: 40rem }
.legend { margin-right: .9em; white-space: nowrap } .legend .swatch { margin-left: 0 } .swatch.third { background: var(--third) }
svg .axis.end { text-anchor: end } svg .axis.start { text-anchor: start } svg .left { text-anchor: start }
svg polyline, svg path.line { fill: none; stroke-width: 2 } svg .after.line { stroke: var(--after) } svg .before.line { stroke: var(--before) } svg .third.line { stroke: var(--third) }
svg .even { stroke: var(--soft); stroke-dasharray: 4 4; fill: none }
svg line.third { stroke: var(--third); stroke-width: 6 } svg circle.third { stroke: var(--third) } svg line.range { stroke-width: 4 }
svg circle.dot { stroke: none; fill-opacity: .62 } svg circle.marked { fill: var(--lost); stroke: none }
.swatch.g0, svg .g0 { --own: #2f7dd1 } .swatch.g1, svg .g1 { --own: #12946b } .swatch.g2, svg .g2 { --own: #c58a00 } .swatch.g3, svg .g3 { --own: #8a4fb0 }
.swatch.g4, svg .g4 { --own: #cf4a3a } .swatch.g5, svg .g5 { --own: #7a8494 } .swatch[class*=" g"] { background: var(--own) } svg circle.dot { fill: var(--own) }
td.words { min-width: 16rem } h3.sub { font-size: 1rem; margin: 1.4rem 0 .2rem } ul.plain { padding-left: 1.2rem; margin: .3rem 0 } ul.plain li { margin: .2rem 0 }
@media print { .cards { display: block } .card { margin: 0 0 .6rem } .scroll, figure { overflow: visible } figure svg { min-width: 0 } }
`
