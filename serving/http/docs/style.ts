/** The page's whole style: the reader's own fonts, light or dark as he has it, no resource from elsewhere. */
export const style = `
:root { color-scheme: light dark; --ink: #1d2433; --soft: #5a6478; --line: #e3e7ee; --paper: #fff; --wash: #f6f8fb;
  --blue: #1f5fbf; --green: #1a7f4b; --amber: #9a6200; --red: #b3362b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8f0; --soft: #9aa5b8; --line: #2c3444; --paper: #141922;
  --wash: #1b2230; --blue: #7fb0ff; --green: #5ecb92; --amber: #e0b060; --red: #f08b80; } }
* { box-sizing: border-box }
html { scroll-padding-top: 1rem }
body { margin: 0; color: var(--ink); background: var(--paper); font: 15px/1.55 system-ui, "Noto Sans SC", sans-serif }
a { color: var(--blue); text-decoration: none } a:hover { text-decoration: underline }
code { font: .88em/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace }
.page { display: grid; grid-template-columns: 17rem minmax(0, 52rem); gap: 3rem; max-width: 76rem; margin: 0 auto; padding: 0 1.5rem }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 2rem 0; font-size: .87rem; border-right: 1px solid var(--line) }
nav h2 { font-size: .75rem; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); margin: 1.4rem 0 .4rem }
nav ul { list-style: none; margin: 0; padding: 0 } nav li { padding: .12rem 0; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
nav a { color: inherit }
main { padding: 2rem 0 6rem }
h1 { font-size: 1.9rem; margin: 0 0 .3rem } h2.part { font-size: 1.3rem; margin: 3rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line) }
.lead { color: var(--soft); margin-top: 0 }
article { border: 1px solid var(--line); border-radius: 10px; margin: 1.1rem 0; overflow: hidden }
article > header { display: flex; gap: .8rem; align-items: baseline; flex-wrap: wrap; padding: .75rem 1rem; background: var(--wash); border-bottom: 1px solid var(--line) }
article > header code { font-size: .95rem; font-weight: 600 }
article > div { padding: .3rem 1rem .8rem }
article h4 { margin: .9rem 0 .25rem; font-size: .78rem; letter-spacing: .05em; text-transform: uppercase; color: var(--soft) }
.method { font: 700 .74rem/1.9 ui-monospace, Menlo, Consolas, monospace; padding: 0 .5rem; border-radius: 4px; color: var(--paper); background: var(--soft) }
.get { background: var(--blue) } .post { background: var(--green) } .put { background: var(--amber) } .delete { background: var(--red) }
nav .method { font-size: .62rem; padding: 0 .3rem; margin-right: .35rem; display: inline-block; min-width: 2.9rem; text-align: center }
.scope { margin-left: auto; font-size: .8rem; color: var(--soft) }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; vertical-align: top; padding: .32rem .7rem .32rem 0; border-top: 1px solid var(--line) }
tr:first-child > td { border-top: 0 } th { font-size: .78rem; color: var(--soft); font-weight: 600; border-top: 0 }
td:first-child { white-space: nowrap } .type { color: var(--soft) } .must { color: var(--red); font-weight: 700 }
.name { font: .84em/1.5 ui-monospace, Menlo, Consolas, monospace; margin-right: .5em; white-space: nowrap }
.more { color: var(--soft); font-size: .9em }
@media (max-width: 60rem) { .page { display: block } nav { position: static; height: auto; border: 0; padding-bottom: 0 } td:first-child { white-space: normal; overflow-wrap: anywhere } }
@media print { nav { display: none } .page { display: block } article { break-inside: avoid } }
`
