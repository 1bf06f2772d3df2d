#!/usr/bin/env bash
# Checks bench/budgets.json in a short run: bytes exactly, ratios with their slack, nanoseconds never. Exit code 1 when one is missed.
# Usage: bench/check-budgets.sh [--json FILE] [--markdown FILE] [--limit-seconds N]
# Takes about two minutes on a quiet machine with two CPUs; a suite whose ratio misses runs again, up to three times, within the limit.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! dotnet build "$here/PricingCore.Load" -c Release -v q --nologo -clp:ErrorsOnly >"$log" 2>&1; then
  cat "$log"
  echo "bench/PricingCore.Load does not build." >&2
  exit 1
fi

dotnet "$here/PricingCore.Load/bin/Release/net10.0/PricingCore.Load.dll" budget --budgets "$here/budgets.json" "$@"
