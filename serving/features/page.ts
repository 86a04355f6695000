import { type ComparedFeature, type Share } from '../../features/quality/compared.js'
import { formatInstant } from '../../features/schema/time.js'
import { counted, grouped } from '../audit/backtest/figures.js'
import { style } from '../audit/backtest/style.js'
import { asIs, html, type Html, nothing } from '../http/docs/html.js'
import { histogram } from './histogram.js'
import { type FeatureQuality } from './quality.js'

const more = `
.features { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); gap: 1rem; margin: 1rem 0 }
.feature { border: 1px solid var(--line); border-radius: 8px; padding: .7rem .9rem; break-inside: avoid; min-width: 0 }
.feature h3 { margin: 0; font-size: .98rem; overflow-wrap: anywhere } .feature p { font-size: .86rem; margin: .1rem 0 .4rem }
.feature svg { margin: .3rem 0 } .feature.much { border-color: var(--lost) } .feature.some { border-color: var(--warn-ink) }
.feature .of { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 .6rem } .mark { white-space: nowrap; font-weight: 600; font-variant-numeric: tabular-nums; font-size: .86rem }
.much .mark { color: var(--lost) } .some .mark { color: var(--warn-ink) } .little .mark, .unknown .mark { color: var(--soft); font-weight: 400 }
svg .scale { fill: var(--soft) } .scroll { overflow-x: auto } .changed { color: var(--lost); font-weight: 600 }
`

/** Beyond so much more or less a missing rate has changed. */
const changedMissing = 0.05

/** The features' quality as one page to read, print and keep: nothing to load, no scripts. */
export function qualityPage(quality: FeatureQuality): string {
  const { features, at, release, compared } = quality
  const title = 'Quality of features'
  const whose = compared === 'decisions' ? 'what personal decisions read in the last 24 hours' : 'what the store holds'
  return html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex" />
      <title>${title}</title>
      <style>
        ${asIs(style + more)}
      </style>
      <h1>${title}</h1>
      <p class="soft">${second(at)}: ${whose}, against the training set ${trainedWhen(quality)}</p>
      <p class="headline"><b>${headline(quality)}</b></p>
      ${warnings(quality)}
      <h2>Features, the most drifted first</h2>
      <p class="soft">
        <span class="swatch before"></span>training set <span class="swatch after"></span>now; figures below a plot are
        training / now. Bins are tenths of the training set; of few values, a bin a value. A PSI below 0.1 is little,
        below 0.25 some, above it much drift; below 200 values on a side nothing is told.
      </p>
      <p class="soft">
        Rows of the training set are investors as they were when they bought something, so what tells of visits and
        purchases differs by itself from what is read at other times.
      </p>
      <div class="features">${features.map(card)}</div>
      <h2>Freshness</h2>
      ${freshnessTable(quality)}
      <h2>Out of range at the door</h2>
      ${rangeTable(quality)}
      <h2>Circumstances</h2>
      <p class="soft">Release ${release === null ? 'none' : html`<code>${release}</code>`}</p>
    </html>`.markup
}

const second = (at: number): string => formatInstant(Math.floor(at / 1000) * 1000)

const trainedWhen = ({ reference, trainedAsOf }: FeatureQuality): string =>
  reference === 'kept' && trainedAsOf !== null ? `of ${second(trainedAsOf)}` : 'that is not known'

/** One sentence. */
function headline({ features }: FeatureQuality): string {
  const count = (drift: ComparedFeature['drift']): number => features.filter((each) => each.drift === drift).length
  const told = features.length - count('unknown')
  if (told === 0) return 'Of no feature can drift be told.'
  return `Of ${counted(told, 'feature')} that can be told, ${count('much')} drifted much and ${count('some')} some; of ${count('unknown')} nothing can be told.`
}

function warnings({ reference, features, storeLagRows }: FeatureQuality): readonly Html[] {
  const say = (text: string): Html => html`<p class="warn">${text}</p>`
  const changed = features.filter(missingChanged).map(({ name }) => name)
  return [
    ...(reference === 'none'
      ? [say('The release in force does not hold how its training set was distributed: train and release anew.')]
      : []),
    ...(reference === 'unreadable'
      ? [say('How the training set was distributed is damaged: restore the blob from a backup, or release anew.')]
      : []),
    ...(changed.length === 0 ? [] : [say(`Missing more or less often than in training: ${changed.join(', ')}.`)]),
    ...(storeLagRows === null || storeLagRows === 0
      ? []
      : [say(`The online store is ${counted(storeLagRows, 'row')} behind the history.`)]),
  ]
}

const missingChanged = ({ missing: { training, now } }: ComparedFeature): boolean =>
  training.share !== null && now.share !== null && Math.abs(training.share - now.share) > changedMissing

const percent = ({ share }: Share): string => (share === null ? '–' : `${(100 * share).toFixed(1)} %`)

/** A long name breaks after an underscore. */
const breakable = (name: string): Html => html`${name.split(/(?<=_)/).map((part) => html`${part}<wbr />`)}`

function card(feature: ComparedFeature): Html {
  const { entity, name, unit, meaning, owner, psi, drift, missing, bins } = feature
  const mark = psi === null ? 'no PSI' : `PSI ${psi.toFixed(3)}${drift === 'unknown' ? ', too few' : ''}`
  return html`<section class="feature ${drift}">
    <h3>${breakable(name)}</h3>
    <p>${meaning}</p>
    <p class="soft of"><span>${entity}, ${unit}; ${owner}</span><span class="mark">${mark}</span></p>
    ${bins.every(({ training, now }) => training === 0 && now === 0) ? nothing : histogram(`${name}, training and now`, bins)}
    <p class="soft of">
      <span>rows ${grouped(missing.training.of)} / ${grouped(missing.now.of)}</span>
      <span
        >missing
        <span class="${missingChanged(feature) ? 'changed' : 'same'}"
          >${percent(missing.training)} / ${percent(missing.now)}</span
        ></span
      >
    </p>
  </section>`
}

/** `3 d 4 h`, `5 min`. */
export function ageInWords(seconds: number): string {
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ]
  if (days > 0) return `${grouped(days)} d ${hours} h`
  return hours > 0 ? `${hours} h ${minutes} min` : minutes > 0 ? `${minutes} min` : `${Math.floor(seconds)} s`
}

function freshnessTable({ freshness, storeLagRows }: FeatureQuality): Html {
  const row = (source: string, at: string, age: string): Html =>
    html`<tr>
      <td class="key">${source}</td>
      <td>${at}</td>
      <td class="n">${age}</td>
    </tr>`
  return html`<div class="scroll">
    <table>
      <tr>
        <th>Source</th>
        <th>Newest fact known</th>
        <th class="n">Age</th>
      </tr>
      ${freshness.map(({ source, at, seconds }) =>
        row(source, at === null ? 'none' : second(at), seconds === null ? '–' : ageInWords(seconds)),
      )}
      ${row('online store', 'behind the history', storeLagRows === null ? '–' : counted(storeLagRows, 'row'))}
    </table>
  </div>`
}

function rangeTable({ outOfRange, compared }: FeatureQuality): Html {
  if (compared === 'store')
    return html`<p class="soft">Counted by a running server: ask it with --url. An import tells of its own.</p>`
  const some = outOfRange.filter(({ refused, odd }) => refused + odd > 0)
  if (some.length === 0)
    return html`<p class="soft">Nothing, of ${counted(outOfRange.length, 'field')} with a range, since the start.</p>`
  return html`<table>
    <tr>
      <th>Field</th>
      <th class="n">Refused</th>
      <th class="n">Odd, taken in</th>
    </tr>
    ${some.map(
      ({ field, refused, odd }) =>
        html`<tr>
          <td>${field}</td>
          <td class="n">${grouped(refused)}</td>
          <td class="n">${grouped(odd)}</td>
        </tr>`,
    )}
  </table>`
}
