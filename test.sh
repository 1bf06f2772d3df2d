#!/usr/bin/env bash
# Builds everything and runs every test, from a fresh clone. Ends with "N passed, N failed"; exit code 0 only when none failed.
# Usage: ./test.sh [--quick]    --quick leaves out the Debug run, the stress tests, the crash tests, the package tests and the benchmark budgets.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2
exec </dev/null # Nothing here asks a question.

readonly MinSdk="10.0.100"
readonly AimSeconds=1150   # What may be left out is, when it would take longer.
readonly LimitSeconds=2400 # Nothing takes longer: a machine that is slow today fails no test for it, one that hangs does.
readonly DebugSeconds=250
readonly Results="$PWD/artifacts/test-results"

quick=false
case "${1:-}" in
  "") ;;
  --quick) quick=true ;;
  *) echo "Usage: ./test.sh [--quick]" >&2; exit 2 ;;
esac

# Build servers outlive this script, and keep its output open for whoever reads it through a pipe: build nodes are not reused, and there is no compiler server but our own.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

if [[ -z "${HOME:-}" || ! -w "${HOME:-/}" ]]; then
  export HOME="$PWD/artifacts/home"
  mkdir -p "$HOME"
fi

if ! command -v dotnet >/dev/null; then
  echo "dotnet is missing: install the .NET SDK $MinSdk or later (https://dotnet.microsoft.com/download/dotnet/10.0), then run ./test.sh again." >&2
  exit 2
fi
if ! dotnet --version >/dev/null 2>&1; then # Reads global.json, so it fails when no installed SDK will do.
  echo "This needs the .NET SDK $MinSdk or later; found: $(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | paste -sd' ' -). See https://dotnet.microsoft.com/download/dotnet/10.0" >&2
  exit 2
fi
# Debian's packages that tests need: time zones, XGBoost for training, strace to see that models send nothing, promtool to check metrics and alerts, a browser for the sample's page.
missing=()
[[ -e /usr/share/zoneinfo/Europe/Paris || "$(uname)" != Linux ]] || missing+=(tzdata)
[[ "$(uname)" != Linux || "$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)" == *libxgboost.so.0* ]] || missing+=(libxgboost0)
[[ "$(uname)" != Linux ]] || command -v strace >/dev/null || missing+=(strace)
[[ "$(uname)" != Linux ]] || command -v promtool >/dev/null || missing+=(prometheus)
[[ "$(uname)" != Linux ]] || command -v chromium >/dev/null || missing+=(chromium)
if ((${#missing[@]})); then
  echo "-- installing ${missing[*]}"
  if ! { command -v apt-get && apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1; then
    echo "Could not install ${missing[*]}: install them, then run ./test.sh again." >&2
    exit 2
  fi
fi
if ! command -v npm >/dev/null && [[ -z "$(find "${PRICINGCORE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pricingcore}" -name 'libonnxruntime*' 2>/dev/null)" ]]; then
  echo "npm is missing: the ONNX Runtime that the tests compare with comes out of an npm package. Install npm, then run ./test.sh again." >&2
  exit 2
fi

passed=0
failed=0

# limited SECONDS COMMAND...: ends the command when it takes longer, or when the whole run would take too long.
limited() {
  local seconds=$1 left=$((LimitSeconds - SECONDS))
  shift
  ((left < seconds)) && seconds=$((left > 5 ? left : 5))
  if command -v timeout >/dev/null; then timeout -k 10 "$seconds" "$@"; else "$@"; fi
}

# build WHAT ARGUMENTS...: with a compiler server that is ours alone and ended here, a quarter faster than a compiler for each project, since the analyzers stay compiled.
build() {
  local server="pricingcore-test-$$" sdk status=0
  UseSharedCompilation=true SharedCompilationId=$server limited 900 dotnet build "$@" -v q --nologo -clp:ErrorsOnly >"$Results/build.log" 2>&1 || status=$?
  sdk=$(dotnet --info | sed -n 's/^ *Base Path: *//p')
  dotnet "$sdk/Roslyn/bincore/VBCSCompiler.dll" "-pipename:$server" -shutdown >/dev/null 2>&1
  return "$status"
}

counter() { sed -n 's/.*<Counters .*'"$1"'="\([0-9]*\)".*/\1/p' "$2" | head -1; }

# run_tests PROJECT CONFIGURATION SECONDS: adds what the results file says; no results file, or a crash, is one failure.
# The test program is started as it is: through `dotnet test` each would take 3 to 6 seconds more.
run_tests() {
  local project=$1 configuration=$2 seconds=$3
  local name="$project-$configuration" started=$SECONDS status=0 good=0 bad=0
  local trx="$Results/$name.trx" program="tests/$project/bin/$configuration/net10.0/$project.dll"
  rm -f "$trx"
  limited "$seconds" dotnet "$program" -trx "$trx" -noColor -longRunning 30 >"$Results/$name.log" 2>&1 || status=$?
  if [[ -s $trx ]]; then
    good=$(counter passed "$trx")
    bad=$(($(counter executed "$trx") - good))
  fi
  if ((status == 0 && good == 0)); then
    bad=1
    echo "   $name ran no test" >>"$Results/$name.log"
  elif ((status != 0 && bad == 0)); then
    bad=1
    if ((status == 124 || status == 137)); then
      echo "   $name did not end within its time limit of $seconds s" >>"$Results/$name.log"
    else
      echo "   $name ended with $status though no test failed: cleaning up did, or it crashed" >>"$Results/$name.log"
    fi
  fi
  passed=$((passed + good))
  failed=$((failed + bad))
  printf -- '-- %-36s %5d passed, %d failed, %d s\n' "$name" "$good" "$bad" $((SECONDS - started))
  ((bad == 0)) && return
  tail -n 120 "$Results/$name.log"
  note_failure "$name" "$Results/$name.log" '/\[FAIL\]\|Cleanup Failure/,/Stack Trace:/p; /^   '"$name"'/p'
}

# note_failure NAME LOG SED: keeps what SED prints of a log, or the log's end where it prints nothing, to say it once more where everybody looks.
note_failure() {
  local found
  found=$(sed -n "$3" "$2" | head -n 40)
  printf '%s failed:\n%s\n' "$1" "${found:-$(tail -n 15 "$2")}" >>"$Results/failures.txt"
}

mkdir -p "$Results"
: >"$Results/failures.txt"
echo "-- building Release with SDK $(dotnet --version)"
if ! build PricingCore.sln -c Release; then
  tail -n 40 "$Results/build.log"
  echo "The build failed."
  echo "0 passed, 1 failed"
  exit 1
fi
echo "-- built in $SECONDS s"

run_tests PricingCore.Tests Release 360
run_tests PricingCore.Training.Tests Release 240
run_tests PricingCore.Cli.Tests Release 240
run_tests PricingCore.Hosting.Tests Release 240
run_tests PricingCore.Sidecar.Tests Release 240
run_tests PricingCore.AspNetCore.Tests Release 240
run_tests PricingCore.Client.Tests Release 240
run_tests PricingCore.Samples.Tests Release 240
run_tests PricingCore.Security.Tests Release 240
if ! $quick; then
  run_tests PricingCore.StressTests Release 260
  PRICINGCORE_CRASH_ROUNDS="${PRICINGCORE_CRASH_ROUNDS:-60}" run_tests PricingCore.CrashTests Release 260 # 200 rounds when it is run by itself.
  run_tests PricingCore.Package.Tests Release 400
  if [[ -x bench/check-budgets.sh ]]; then
    if limited 300 bench/check-budgets.sh >"$Results/budgets.log" 2>&1; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
      note_failure bench/check-budgets.sh "$Results/budgets.log" '/^MISSED\|^Not measured/p'
    fi
    cat "$Results/budgets.log"
  fi
  # Once more for the assertions that Release leaves out. Last, since all it tries was tried above: a machine that is too slow for both says so.
  if ((AimSeconds - SECONDS > DebugSeconds)); then
    if build tests/PricingCore.Tests -c Debug -p:RunAnalyzers=false; then # They have spoken when everything was built.
      run_tests PricingCore.Tests Debug 400
    else
      failed=$((failed + 1))
      tail -n 40 "$Results/build.log"
      note_failure "The Debug build" "$Results/build.log" '/error/p'
    fi
  else
    echo "-- PricingCore.Tests-Debug left out: $SECONDS of $AimSeconds s are over"
  fi
fi

[[ -s $Results/failures.txt ]] && { echo; cat "$Results/failures.txt"; }
echo "-- took $SECONDS s; results are in artifacts/test-results"
echo "$passed passed, $failed failed"
((failed == 0))
