#!/usr/bin/env bash
# Everything at full count, and the tests on Node 20, 22 and 24. Writes dated results with the commit.
set -euo pipefail
cd "$(dirname "$0")/.."
commit=$(git rev-parse --short=12 HEAD)
out="benchmarks/results/check-long-$(date -u +%F)-$commit.txt"
export APTUS_CASES=1000000 APTUS_LONG=1
npm run build --silent
{
  echo "date $(date -u +%F), commit $commit, $(nproc) cores"
  for major in 20 22 24; do
    # The npm package "node" carries the binary of its version; native add-ons are N-API and serve all three.
    binary=$(npm exec --yes --package="node@$major" -- node -p process.execPath)
    echo "== node $("$binary" --version)"
    log=$(mktemp)
    if ! "$binary" --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js --ci >"$log" 2>&1; then
      tail -200 "$log"
      exit 1
    fi
    sed -n '/^Test Suites:/,/^Time:/p; /skipped:/p' "$log"
    rm "$log"
  done
} | tee "$out"
