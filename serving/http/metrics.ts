/**
 * Counters and histograms in the Prometheus text format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/), of this process.
 */
export type Labels = Readonly<Record<string, string>>

export type Counter = { readonly add: (count?: number, labels?: Labels) => void; readonly lines: () => string[] }
export type Histogram = { readonly observe: (seconds: number) => void; readonly lines: () => string[] }

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
const escapeValue = (text: string): string => escapeHelp(text).replaceAll('"', '\\"')

/** `{a="1",b="2"}`, or nothing. */
const shown = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const head = (name: string, help: string, type: string): string[] => [
  `# HELP ${name} ${escapeHelp(help)}`,
  `# TYPE ${name} ${type}`,
]

/** `starting` are the series shown at 0 before anything happened, so that a rate over them is defined. */
export function counter(name: string, help: string, starting: readonly Labels[] = [{}]): Counter {
  const counts = new Map<string, number>(starting.map((labels) => [shown(labels), 0]))
  return {
    add: (count = 1, labels = {}) => void counts.set(shown(labels), (counts.get(shown(labels)) ?? 0) + count),
    lines: () => [
      ...head(name, help, 'counter'),
      ...[...counts].map(([labels, count]) => `${name}${labels} ${String(count)}`),
    ],
  }
}

export type Gauge = { readonly set: (series: readonly Labels[]) => void; readonly lines: () => string[] }

/** Facts that are told by their labels: 1 for each that holds now, nothing for the others. */
export function factsGauge(name: string, help: string): Gauge {
  let now: readonly Labels[] = []
  return {
    set: (series) => void (now = series),
    lines: () => [...head(name, help, 'gauge'), ...now.map((labels) => `${name}${shown(labels)} 1`)],
  }
}

/** Values that are kept elsewhere and read when they are asked for: the series that there are now, and no others. */
export type Readings = {
  readonly set: (series: readonly { readonly labels: Labels; readonly value: number }[]) => void
  readonly lines: () => string[]
}

export function readings(name: string, help: string, type: 'gauge' | 'counter'): Readings {
  let now: Parameters<Readings['set']>[0] = []
  return {
    set: (series) => void (now = series),
    lines: () => [
      ...head(name, help, type),
      ...now.map(({ labels, value }) => `${name}${shown(labels)} ${String(value)}`),
    ],
  }
}

/** `bounds`: upper bounds of the buckets in seconds, ascending; a last one without bound is added. */
export function histogram(name: string, help: string, bounds: readonly number[]): Histogram {
  const buckets = new Array<number>(bounds.length + 1).fill(0)
  let sum = 0
  return {
    observe: (seconds) => {
      const place = bounds.findIndex((bound) => seconds <= bound)
      const bucket = place === -1 ? bounds.length : place
      buckets[bucket] = (buckets[bucket] ?? 0) + 1
      sum += seconds
    },
    lines: () => {
      let total = 0
      const cumulative = buckets.map((count, place) => {
        total += count
        return `${name}_bucket{le="${place < bounds.length ? String(bounds[place]) : '+Inf'}"} ${total}`
      })
      return [...head(name, help, 'histogram'), ...cumulative, `${name}_sum ${sum}`, `${name}_count ${total}`]
    },
  }
}
