#!/usr/bin/env bash
# Everything at full count: all tests on Node 20, 22 and 24, then every benchmark, determinism on all three. Stops at the
# first failure, and ends with a line a Node: N passed, N failed. Dated results with the commit go to benchmarks/results/.
# Hours. With arguments it is a trial: jest alone, with these arguments (npm run check:long -- storage), nothing kept.
set -euo pipefail
cd "$(dirname "$0")/.."
export APTUS_FULL=1 APTUS_CASES=1000000 APTUS_REAL_DATA="${APTUS_REAL_DATA:-../shared/data}"
majors=(20 22 24)
commit=$(git rev-parse --short=12 HEAD)
git diff --quiet HEAD || commit="$commit-changed"
out="benchmarks/results/check-long-$(date -u +%F)-$commit.txt"
[ $# -eq 0 ] || out=/dev/null
[ $# -gt 0 ] || [ -d "$APTUS_REAL_DATA/cn-funds" ] || { echo "no cn-funds in APTUS_REAL_DATA, which benchmarks need" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The npm package "node" carries the binary of its version; native add-ons are N-API and serve all of them.
binary_of() { npm exec --yes --package="node@$1" -- node -p process.execPath; }

counts='const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = JSON.parse(fs.readFileSync(0, "utf8"));
`${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed` + (numPendingTests > 0 ? ` (${numPendingTests} skipped)` : "")'

# tests_on BINARY [JEST ARGUMENT…]: its line goes to the summary, and the end of the log to the reader where one failed.
tests_on() {
  local binary=$1 name status=0
  shift
  name="node $("$binary" --version)"
  echo "== $name: tests"
  PATH="$(dirname "$binary"):$PATH" "$binary" --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js --ci \
    --json --outputFile="$work/report.json" "$@" >"$work/stdout" 2>"$work/log" || status=$?
  grep -E '^ *(skipped:|.*is skipped)' "$work/log" || true
  [ $status -eq 0 ] || tail -200 "$work/log"
  [ -f "$work/report.json" ] || return "$status"
  echo "$name: $(node -p "$counts" <"$work/report.json")" | tee -a "$work/summary"
  rm "$work/report.json"
  return $status
}

benchmark() {
  echo "== benchmark $*"
  node dist/benchmarks/main.js "$@" 2>&1
}

all() {
  echo "date $(date -u +%F), commit $commit, $(nproc) cores"
  local nodes='' binary
  for major in "${majors[@]}"; do
    binary=$(binary_of "$major") || return 1
    nodes="$nodes,$major=$binary"
    tests_on "$binary" "$@" || return 1
  done
  [ $# -eq 0 ] || return 0
  APTUS_NODES=${nodes#,} benchmark determinism --full || return 1
  APTUS_NODES=${nodes#,} benchmark replay || return 1
  benchmark feature-store --full || return 1
  for name in stages rules hnsw http ledger-append audit-backtest audit-search two-tower-market two-tower-backends training-peers; do benchmark "$name" || return 1; done
}

touch "$work/summary"
npm run build --silent
status=0
{
  failed=0
  all "$@" || failed=1
  echo '== summary'
  cat "$work/summary"
  [ $failed -eq 0 ] || echo 'stopped at a failure'
  exit $failed
} | tee "$out" || status=1
exit $status
