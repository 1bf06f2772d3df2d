#!/usr/bin/env bash
# Puts the pinned ONNX Runtime library where the build looks for it: artifacts/onnxruntime/runtimes/RID/native/.
# The library is taken out of its npm package; nothing of that package is installed or run. Both the package and the library are
# checked against the SHA below. What was taken out once is kept in a cache, and needs no network again.
#
# Usage: eng/fetch-onnxruntime.sh [--rid RID]... [--all] [--tarball FILE] [--out FOLDER] [--offline]
#   --rid RID       linux-x64, linux-arm64, osx-arm64 or win-x64; may be repeated. Default: this machine's.
#   --all           all four, as packing needs them.
#   --tarball FILE  an onnxruntime-node-1.27.0.tgz that was downloaded elsewhere; no network is used then.
#   --out FOLDER    Default: artifacts/onnxruntime in the repository.
#   --offline       fail rather than use the network.
# The cache is $PRICINGCORE_CACHE, else $XDG_CACHE_HOME/pricingcore, else ~/.cache/pricingcore.
# Exit codes: 0 done, 1 failed, 2 wrong usage. Errors are one line that says what to do.
set -euo pipefail

readonly Version=1.27.0
readonly Package="onnxruntime-node@$Version"
readonly PackageSha512=404cc6c2bbcd060bf8b8f55d9db1ec3861b81ba4fdea676570523c68028f8cc53cc0e3e956870f5dbea4dd01a46996a0553bf61bd0679dba3a67725d5ebd5f43
readonly AllRids=(linux-x64 linux-arm64 osx-arm64 win-x64)

fail() {
  echo "fetch-onnxruntime: $1" >&2
  exit "${2:-1}"
}

# member RID: its path inside the package; file RID: what the loader calls it; sha RID: its SHA-256.
member() {
  case $1 in
    linux-x64) echo package/bin/napi-v6/linux/x64/libonnxruntime.so.1 ;;
    linux-arm64) echo package/bin/napi-v6/linux/arm64/libonnxruntime.so.1 ;;
    osx-arm64) echo package/bin/napi-v6/darwin/arm64/libonnxruntime.1.dylib ;;
    win-x64) echo package/bin/napi-v6/win32/x64/onnxruntime.dll ;;
    *) return 1 ;;
  esac
}

file() {
  case $1 in
    linux-*) echo libonnxruntime.so ;;
    osx-*) echo libonnxruntime.dylib ;;
    win-*) echo onnxruntime.dll ;;
  esac
}

sha() {
  case $1 in
    linux-x64) echo d8aff4aa8abee8fb2abb2f2f2459ffc94461e781e41b9f7c072829dd0d470221 ;;
    linux-arm64) echo c36bc200e7e6c093b8abb0b34590fbdd8c52fd3fb5e33795b9523ffdde2fce0f ;;
    osx-arm64) echo 89f692a3a1a224e4ad0b796b0e7c0bd81113b0741bfe84211eceef14d05a9e59 ;;
    win-x64) echo 273f9ef9cf755c6a0f342226a80448156c10ceb74db2ae8c8370dc98e75af0eb ;;
  esac
}

# hash BITS FILE
hash() {
  if command -v "sha$1sum" >/dev/null; then
    "sha$1sum" <"$2" | cut -d' ' -f1
  elif command -v shasum >/dev/null; then
    shasum -a "$1" <"$2" | cut -d' ' -f1
  else
    fail "neither sha$1sum nor shasum is there to check what is used; install one of them"
  fi
}

is_right() { [[ -f $2 && $(hash 256 "$2") == "$(sha "$1")" ]]; }

this_machine() {
  case "$(uname -s)/$(uname -m)" in
    Linux/x86_64) echo linux-x64 ;;
    Linux/aarch64) echo linux-arm64 ;;
    Darwin/arm64) echo osx-arm64 ;;
    MINGW*/x86_64 | MSYS*/x86_64) echo win-x64 ;;
    *) fail "there is no pinned library for $(uname -s)/$(uname -m); give a --rid of ${AllRids[*]}" ;;
  esac
}

# place FILE TARGET: a copy that is there as a whole or not at all, even when two builds do it at once.
place() {
  mkdir -p "$(dirname "$2")"
  local half="$2.$$"
  cp "$1" "$half" && chmod 644 "$half" && mv -f "$half" "$2"
}

rids=()
tarball=""
out=""
offline=false
while (($# > 0)); do
  case $1 in
    --rid)
      member "${2:-}" >/dev/null || fail "--rid '${2:-}' is none of ${AllRids[*]}" 2
      rids+=("$2")
      shift
      ;;
    --all) rids=("${AllRids[@]}") ;;
    --tarball)
      [[ -f ${2:-} ]] || fail "--tarball '${2:-}' is not a file" 2
      tarball=$2
      shift
      ;;
    --out)
      [[ -n ${2:-} ]] || fail "--out needs a folder" 2
      out=$2
      shift
      ;;
    --offline) offline=true ;;
    -h | --help)
      sed -n '2,/^set /{/^#/s/^# \{0,1\}//p;}' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) fail "'$1' is not an option; see --help" 2 ;;
  esac
  shift
done

((${#rids[@]} > 0)) || rids=("$(this_machine)")
[[ -n $out ]] || out="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/artifacts/onnxruntime"
cache="${PRICINGCORE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/pricingcore}/onnxruntime/$Version"
mkdir -p "$cache" 2>/dev/null || fail "cannot write to $cache; set PRICINGCORE_CACHE to a folder that can be written"

cached() { echo "$cache/$1/$(file "$1")"; }

work=""
trap '[[ -z $work ]] || rm -rf "$work"' EXIT

# download FOLDER: leaves the package in $tarball.
download() {
  $offline && fail "the library is not in the cache at $cache, and --offline was given; run it once without, or give --tarball"
  command -v npm >/dev/null || fail "npm is missing: install Node.js, or download $Package on another machine with 'npm pack' and give it with --tarball"
  echo "fetching $Package (100 MB, once)" >&2
  (cd "$1" && npm pack "$Package" --ignore-scripts --loglevel=error --fetch-retries=1 --fetch-retry-mintimeout=1000 --fetch-timeout=60000 >npm.log 2>&1) || {
    reason=$(grep -m1 -oE "code [A-Z0-9_]+" "$1/npm.log" 2>/dev/null | cut -c1-160 || true)
    fail "npm could not fetch $Package${reason:+ ($reason)}: check the network and 'npm config get registry', or give the package with --tarball"
  }
  tarball="$1/onnxruntime-node-$Version.tgz"
}

# extract: checks the package and puts the libraries of all RIDs into the cache, so that one download is enough.
extract() {
  local found rid
  found=$(hash 512 "$tarball")
  [[ $found == "$PackageSha512" ]] || fail "$tarball is not $Package: its SHA-512 is ${found:0:16}..., not ${PackageSha512:0:16}...; delete it and fetch it again"
  tar -xzf "$tarball" -C "$work" $(for rid in "${AllRids[@]}"; do member "$rid"; done) || fail "$tarball cannot be unpacked; is there room in ${TMPDIR:-/tmp}?"
  for rid in "${AllRids[@]}"; do
    is_right "$rid" "$work/$(member "$rid")" || fail "the library for $rid in $tarball has a wrong SHA-256; do not use it"
    place "$work/$(member "$rid")" "$(cached "$rid")"
  done
}

missing=false
for rid in "${rids[@]}"; do
  if [[ -f $(cached "$rid") ]] && ! is_right "$rid" "$(cached "$rid")"; then
    echo "the cached library for $rid has a wrong SHA-256: it is fetched again" >&2
    rm -f "$(cached "$rid")"
  fi
  [[ -f $(cached "$rid") ]] || missing=true
done

if $missing; then
  work=$(mktemp -d)
  [[ -n $tarball ]] || download "$work"
  extract
fi

for rid in "${rids[@]}"; do
  target="$out/runtimes/$rid/native/$(file "$rid")"
  is_right "$rid" "$target" || place "$(cached "$rid")" "$target"
  echo "$target"
done
