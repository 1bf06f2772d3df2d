#!/usr/bin/env bash
# The forecasts of docs/forecasting.md: trains on the earlier part of four public panels and scores the later part, beside simple forecasts.
#
#   samples/forecasting/run.sh DATA [OUT]
#
# DATA holds the files that docs/forecasting.md says how to get; OUT (default: artifacts/forecasting) takes packages, reports and results.
set -euo pipefail

data=${1:?give the folder with the data; docs/forecasting.md says how to get them}
out=${2:-artifacts/forecasting}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
only=${ONLY:-boroughs zones taxi bikes}
mkdir -p "$out"

if [[ -z ${PRICING:-} ]]; then
  dotnet build "$root/src/PricingCore.Cli" -c Release --nologo -v quiet
  PRICING="dotnet $root/src/PricingCore.Cli/bin/Release/net10.0/pricing.dll"
fi

# Trees do not split by counts, which grow with a market, but by ratios of them; see docs/forecasting.md.
counts='lag_*,demand_lag_*,booking_count_*,bookings_30min,rolling_avg_demand_7d,profile_this_hour,profile_last_hour,profile_next_hour,expected_demand_60min'

# train NAME FILE FROM ARGUMENTS...: everything before FROM is trained on, everything after is scored once.
train() {
  local name=$1 file=$2 from=$3
  shift 3
  [[ " $only " == *" $name "* ]] || return 0
  rm -rf "${out:?}/models/$name/1.0.0"
  $PRICING train --panel "$data/$file" --map "$here/$name.map.json" --schema panel --held-out-from "$from" \
    --ignore "$counts" --weight-power 0.75 --early-stop 60 \
    --out "$out/models/$name/1.0.0" --report "$out/$name.html" "$@" | tee "$out/$name.txt"
}

train boroughs 04_uber_nyc_2015_borough_hour_weather.csv.gz 2015-05-01
train zones 03_uber_nyc_2014_b02512_zone_hour_weather.csv.gz 2014-08-01
train taxi 06_nyc_taxi_passengers_halfhour_weather.csv.gz 2014-10-01
# The last fifth of the rows begins with row 12,169.
train bikes 15_capital_bikeshare_hour.csv.gz 2012-05-27T05:00
