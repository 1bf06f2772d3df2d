#!/usr/bin/env python3
"""Summarises hourly answers of `pricing replay`: prices over the day, the dearest hours, single days, prices in rain.

    prices.py ANSWERS [--top N] [--weather JFK.csv.gz] [--day 2014-07-04]...

Only the N regions with the most expected demand are used (20 unless given); times are New York wall clock.
"""
import argparse, collections, csv, datetime, gzip, json, zoneinfo

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")


def lines(path):
    return gzip.open(path, "rt") if path.endswith(".gz") else open(path)


def mean(numbers):
    return sum(numbers) / len(numbers) if numbers else float("nan")


arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("answers")
arguments.add_argument("--top", type=int, default=20)
arguments.add_argument("--weather")
arguments.add_argument("--day", action="append", default=[])
given = arguments.parse_args()

demand = collections.Counter()
for line in lines(given.answers):
    answer = json.loads(line)
    if "price" in answer:
        demand[answer["region_id"]] += answer["inputs"]["demand"]
busiest = {region for region, _ in demand.most_common(given.top)}

rain = {}
if given.weather:
    for row in csv.DictReader(lines(given.weather)):
        rain[row["ts_hour"][:13].replace("T", " ")] = float(row["precip_in"] or 0)

by_hour = collections.defaultdict(list)
by_time = collections.defaultdict(list)
by_rain = collections.defaultdict(list)
for line in lines(given.answers):
    answer = json.loads(line)
    if "price" not in answer or answer["region_id"] not in busiest:
        continue
    at = datetime.datetime.fromisoformat(answer["request_id"].split("/")[0].replace("Z", "+00:00")).astimezone(NEW_YORK)
    multiplier = answer["surge_multiplier"]
    by_hour[at.hour, at.weekday() >= 5].append(multiplier)
    time = at.strftime("%Y-%m-%d %H")
    by_time[time].append(multiplier)
    inches = rain.get(time, 0)
    kind = "dry" if inches == 0 else "rain below 0.1 in/h" if inches < 0.1 else "rain of 0.1 in/h or more"
    by_rain[kind].append((multiplier, answer["factors"]["weather"], answer["factors"]["demand"]))

print("hour  weekday  weekend  largest")
for hour in range(24):
    week, end = by_hour[hour, False], by_hour[hour, True]
    print(f"{hour:4}  {mean(week):7.4f}  {mean(end):7.4f}  {max(week + end, default=1):7.4f}")

print("\ndearest hours")
for average, time in sorted(((mean(found), time) for time, found in by_time.items()), reverse=True)[:12]:
    print(f"{time}:00  {average:.3f}  rain {rain.get(time, 0):.2f} in/h")

for day in given.day:
    print(f"\n{day}: " + "  ".join(f"{time[11:]}h {mean(by_time[time]):.3f}" for time in sorted(by_time) if time.startswith(day)))

if given.weather:
    print("\nweather: quotes, mean multiplier, weather factor, demand factor")
    for kind, found in sorted(by_rain.items()):
        print(f"{kind}: {len(found)}, " + ", ".join(f"{mean([row[i] for row in found]):.4f}" for i in range(3)))
