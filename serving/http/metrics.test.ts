import { createMetrics } from './appMetrics.js'
import { counter, histogram } from './metrics.js'

test('a counter shows its series, labels escaped', () => {
  const seen = counter('seen_total', 'A help\nof "two" \\ lines', [])
  seen.add(2, { route: 'a"b\\c\nd' })
  seen.add(1, { route: 'a"b\\c\nd' })
  expect(seen.lines()).toEqual([
    '# HELP seen_total A help\\nof "two" \\\\ lines',
    '# TYPE seen_total counter',
    'seen_total{route="a\\"b\\\\c\\nd"} 3',
  ])
})

test('a histogram counts upwards: a value on a bound belongs to it', () => {
  const took = histogram('took_seconds', 'how long', [0.1, 0.5])
  for (const seconds of [0.1, 0.25, 0.5, 4]) took.observe(seconds)
  expect(took.lines().slice(2)).toEqual([
    'took_seconds_bucket{le="0.1"} 1',
    'took_seconds_bucket{le="0.5"} 3',
    'took_seconds_bucket{le="+Inf"} 4',
    'took_seconds_sum 4.85',
    'took_seconds_count 4',
  ])
})

test('every line is one of the format, and each outcome stands at 0 before the first decision', () => {
  const text = createMetrics().exposition()
  expect(text).toMatch(/^aptus_decisions_total\{outcome="no-suitable-product"\} 0$/m)
  expect(text).toMatch(/^aptus_recheck_disagreements_total 0$/m)
  const line = /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? [0-9.+e-]+)$/
  for (const each of text.trimEnd().split('\n')) expect(each).toMatch(line)
})
