#!/usr/bin/env bash
# Measures everything on this machine and writes the raw reports to bench/results/<cpu>/, from which the tables in README.md and
# docs/performance.md are made. Run it on a quiet machine: nothing else should be using the CPUs.
# Usage: bench/run-all.sh [--bdn] [--short]
#   --bdn    runs the BenchmarkDotNet classes too (short job, some 5 minutes)
#   --short  measures for a shorter time
# Without --bdn it takes some 3 minutes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1

with_bdn=false
short=()
for option in "$@"; do
  case "$option" in
    --bdn) with_bdn=true ;;
    --short) short=(--short) ;;
    *) echo "Usage: bench/run-all.sh [--bdn] [--short]" >&2; exit 2 ;;
  esac
done

cpu=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -1)
[[ -n $cpu ]] || cpu=$(uname -m)
slug=$(echo "$cpu-$(getconf _NPROCESSORS_ONLN)-cores" | tr '[:upper:]' '[:lower:]' | sed 's/([^)]*)//g; s/[^a-z0-9.]\{1,\}/-/g; s/^-//; s/-$//')
results="$here/results/$slug"
mkdir -p "$results"

dotnet build "$here/PricingCore.Load" -c Release -v q --nologo -clp:ErrorsOnly
load=("dotnet" "$here/PricingCore.Load/bin/Release/net10.0/PricingCore.Load.dll")

started=$SECONDS
for suite in ring loop publish row quote kernel forecast memory cold mixed; do
  echo "== $suite"
  "${load[@]}" "$suite" ${short[@]+"${short[@]}"} --budgets "$here/budgets.json" --json "$results/$suite.json" --markdown "$results/$suite.md"
done
echo "-- load suites took $((SECONDS - started)) s"

if $with_bdn; then
  started=$SECONDS
  dotnet build "$here/PricingCore.Benchmarks" -c Release -v q --nologo -clp:ErrorsOnly
  artifacts=$(mktemp -d)
  trap 'rm -rf "$artifacts"' EXIT
  dotnet "$here/PricingCore.Benchmarks/bin/Release/net10.0/PricingCore.Benchmarks.dll" \
    --filter '*' --job short --inProcess --artifacts "$artifacts"
  mkdir -p "$results/benchmarkdotnet"
  cp "$artifacts"/results/*-report-github.md "$results/benchmarkdotnet/"
  echo "-- BenchmarkDotNet took $((SECONDS - started)) s"
fi

{
  echo "date: $(date -u '+%Y-%m-%d %H:%M UTC')"
  echo "cpu: $cpu, $(getconf _NPROCESSORS_ONLN) cores"
  echo "load average at the end: $(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || uptime)"
  echo "os: $(uname -sr)"
  echo "dotnet: $(dotnet --version)"
  echo "commit: $(git -C "$here" rev-parse --short HEAD 2>/dev/null || echo unknown)$(git -C "$here" diff --quiet HEAD -- ../src . 2>/dev/null || echo ' with changes')"
} >"$results/versions.txt"
echo "Reports are in bench/results/$slug"
