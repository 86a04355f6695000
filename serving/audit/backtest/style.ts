/** The report's whole style: the reader's own fonts, light or dark as he has it, for paper too. */
export const style = `
:root { color-scheme: light dark; --ink: #1d2433; --soft: #5a6478; --line: #e3e7ee; --paper: #fff; --wash: #f6f8fb;
  --before: #98a2b3; --after: #1f5fbf; --lost: #b3362b; --gained: #1a7f4b; --warn: #fff4e0; --warn-ink: #7a4a00 }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8f0; --soft: #9aa5b8; --line: #2c3444; --paper: #141922;
  --wash: #1b2230; --before: #6b7688; --after: #7fb0ff; --lost: #f08b80; --gained: #5ecb92; --warn: #3a2c12; --warn-ink: #f0c97a } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.5rem 4rem; color: var(--ink); background: var(--paper);
  font: 15px/1.55 system-ui, "Noto Sans SC", "Noto Sans CJK SC", sans-serif }
h1 { font-size: 1.55rem; line-height: 1.25; margin: 0 0 .4rem } h2 { font-size: 1.12rem; margin: 2.4rem 0 .4rem }
.headline { font-size: 1.08rem; margin: .8rem 0 1rem } .soft, caption { color: var(--soft) } p { margin: .4rem 0 }
.warn { background: var(--warn); color: var(--warn-ink); padding: .6rem .9rem; border-radius: 6px; margin: .6rem 0 }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .7rem; margin: 1rem 0 }
.tile { border: 1px solid var(--line); border-radius: 8px; padding: .55rem .8rem; background: var(--wash) }
.tile b { display: block; font-size: 1.35rem; line-height: 1.3 } .tile span { color: var(--soft); font-size: .86rem }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; font-size: .9rem } caption { text-align: left; font-size: .86rem; padding-bottom: .3rem }
th, td { text-align: left; padding: .3rem .7rem .3rem 0; border-top: 1px solid var(--line); vertical-align: top }
th { color: var(--soft); font-weight: 600; font-size: .8rem; vertical-align: bottom } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums } td.n { white-space: nowrap }
td.n:last-child, th.n:last-child { padding-right: 0 } tr.none td { color: var(--soft) } td.key { white-space: nowrap }
code { font: .88em/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; overflow-wrap: anywhere }
figure { margin: .8rem 0 1.4rem } figcaption { font-size: .86rem; color: var(--soft); margin-bottom: .2rem }
svg { width: 100%; height: auto; display: block; font: 11.5px system-ui, "Noto Sans SC", "Noto Sans CJK SC", sans-serif }
svg text { fill: var(--ink) } svg .name { text-anchor: end } svg .axis { text-anchor: middle; fill: var(--soft) } svg .value { fill: var(--soft) }
svg .tick { stroke: var(--line) }
svg rect.lost { fill: var(--lost) } svg rect.gained { fill: var(--gained) } svg rect.before { fill: var(--before) } svg rect.after { fill: var(--after) }
svg line.before { stroke: var(--before); stroke-width: 6 } svg line.after { stroke: var(--after); stroke-width: 6 }
svg circle { fill: var(--paper); stroke-width: 2.5 } svg circle.before { stroke: var(--before) } svg circle.after { stroke: var(--after) }
.swatch { display: inline-block; width: .75em; height: .75em; border-radius: 2px; margin: 0 .3em 0 .8em; vertical-align: baseline }
.swatch.lost { background: var(--lost) } .swatch.gained { background: var(--gained) } .swatch.before { background: var(--before) } .swatch.after { background: var(--after) }
.example { border-left: 3px solid var(--line); padding: .1rem 0 .1rem .9rem; margin: .9rem 0; break-inside: avoid }
.example.blocked, .example.lost { border-color: var(--lost) } .example.gained { border-color: var(--gained) }
@media print { body { max-width: none; padding: 0; font-size: 10.5pt } h2 { break-after: avoid } figure, tr, .tile { break-inside: avoid } }
`
