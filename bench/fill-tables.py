#!/usr/bin/env python3
"""Fills the tables of README.md and docs/performance.md from the reports of bench/run-all.sh.

Usage: bench/fill-tables.py bench/results/FOLDER     Needs only Python's standard library.
"""
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def read(folder):
    """All measurements by name."""
    values = {}
    for report in sorted(Path(folder).glob("*.json")):
        for row in json.loads(report.read_text())["results"]:
            values[row["name"]] = row
    return values


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def tables(m):
    value = lambda name: m[name]["value"]
    nanos = lambda name: f"{number(value(name))} ns"
    against = lambda name: f"{number(m[name]['rival_value'])} ns"
    ratio = lambda name: f"{m[name]['ratio']:.1f}x"
    rate = lambda name: f"{1000 / value(name):.1f} M/s"
    micros = lambda name: f"{number(value(name))} us"
    against_micros = lambda name: f"{number(m[name]['rival_value'])} us"
    channel, naive = "bounded `Channel<T>`", "naive engine"
    first_screen = [
        ("hand one event to the loop, one producer thread", nanos("ring_one_producer"), f"{channel} {against('ring_one_producer')}: {ratio('ring_one_producer')}"),
        ("publish one event: gate and ring, 0 B", nanos("publish_one_event"), f"plain checks and {channel} {against('publish_one_event')}"),
        ("apply one event, 10,000 regions x 64 features, 0 B", f"{nanos('loop_10000_regions')}, {rate('loop_10000_regions')}",
         f"{naive} {against('naive_10000_regions')}: {ratio('naive_10000_regions')}"),
        ("forecast one region, 100 trees of depth 6, 0 B", micros("kernel_one_row"), f"ONNX Runtime {against_micros('kernel_one_row')}, the same bits: {ratio('kernel_one_row')}"),
        ("read one quote, 0 B", f"{nanos('quote')}, {rate('quote')}", f"{naive} {against('quote')}: {ratio('quote')}"),
    ]
    ring = lambda text, name, least: (text, f">= {least}x", nanos(name), against(name), ratio(name))
    all_numbers = [
        ring("ring, one thread", "ring_uncontended", 4),
        ring("ring, one thread, batches of 32", "ring_uncontended_batch_32", 4),
        ring("ring, one producer thread", "ring_one_producer", 3),
        ring("ring, one producer thread, batches of 32", "ring_one_producer_batch_32", 4),
        ring("ring, two producer threads", "ring_two_producers", 1.5),
        ("publish a search by a known user", "<= 80 ns, 0 B", f"{nanos('publish_one_event')}, {value('publish_one_event_bytes'):.0f} B", against("publish_one_event"), ratio("publish_one_event")),
        ("publish a mix of all kinds", "<= 80 ns, 0 B", f"{nanos('publish')}, {value('publish_bytes'):.0f} B", against("publish"), ratio("publish")),
        ("loop, 100 regions", "", f"{nanos('loop_100_regions')}, {rate('loop_100_regions')}", against("naive_100_regions"), ratio("naive_100_regions")),
        ("loop, 10,000 regions", ">= 3 M/s, 0 B, >= 3x", f"{nanos('loop_10000_regions')}, {rate('loop_10000_regions')}, {value('loop_bytes'):.0f} B",
         against("naive_10000_regions"), ratio("naive_10000_regions")),
        ("loop, windows that turn over", ">= 3x", nanos("naive_steady"), against("naive_steady"), ratio("naive_steady")),
        ("loop, 10,000 regions against 100", "<= 2x", "", "", f"{m['loop_10000_against_100']['ratio']:.2f}x"),
        ("row of 64 features, state in the cache", "<= 1,000 ns, 0 B", f"{nanos('row')}, {value('row_bytes'):.0f} B", against("row"), ratio("row")),
        ("row of 64 features, 10,000 regions in turn", "<= 1,000 ns", nanos("row_10000_regions"), against("row_10000_regions"), ratio("row_10000_regions")),
        ("quote", "<= 120 ns, 0 B, >= 8 M/s, >= 5x", f"{nanos('quote')}, {rate('quote')}, {value('quote_bytes'):.0f} B", against("quote"), ratio("quote")),
        ("two readers", "", f"{value('quote_two_readers'):.1f} M/s", "", ratio("quote_two_readers")),
        ("100 trees of depth 6, one row", "<= 1.2 us, >= 4x", micros("kernel_one_row"), against_micros("kernel_one_row"), ratio("kernel_one_row")),
        ("the same, 32 rows", "<= 30 us, >= 4x", micros("kernel_batch_32"), against_micros("kernel_batch_32"), ratio("kernel_batch_32")),
        ("the same in plain C#, one row", ">= 2.5x", micros("kernel_portable_one_row"), against_micros("kernel_portable_one_row"), ratio("kernel_portable_one_row")),
        ("the same in plain C#, 32 rows", ">= 2.5x", micros("kernel_portable_batch_32"), against_micros("kernel_portable_batch_32"), ratio("kernel_portable_batch_32")),
        ("a forecast through the inference thread, batches of 32", ">= 0.85x, 0 B", f"{nanos('forecast_worker')}, {value('forecast_worker_bytes'):.0f} B", against("forecast_worker"), f"{m['forecast_worker']['ratio']:.2f}x"),
        ("the same at 1,000 / 10,000 / 50,000 a second, p99", "", " / ".join(number(value(f"forecast_at_{rate}_p99")) for rate in (1000, 10000, 50000)) + " us", "", ""),
        ("new forecasts for 10,000 regions", "<= 40 ms", f"{value('forecast_refresh_10000'):.1f} ms", "", ""),
        ("quote that waits for decision and forecast, 20,000 a second, p50 / p99", "p99 <= 1,000 us", f"{number(value('cold_quote_p50'))} / {number(value('cold_quote_p99'))} us", "", ""),
        ("the same from when it was really sent", "", f"{number(value('cold_quote_from_sending_p50'))} / {number(value('cold_quote_from_sending_p99'))} us", "", ""),
        ("memory of a region", "<= 6,144 B", f"{value('region_bytes'):,.0f} B", "", ""),
        ("process, 10,000 active regions", "<= 104.9 MB", f"{value('process_bytes') / 1e6:.1f} MB", "", ""),
        ("memory at four times the event rate", "1x", "", f"{m['memory_growth_naive']['ratio']:.2f}x", f"{m['memory_growth']['ratio']:.2f}x"),
    ]
    return (
        table(("what", "result", "against"), ("---", "--:", "---"), first_screen),
        table(("what", "budget", "measured", "rival", "ratio"), ("---", "---", "--:", "--:", "--:"), all_numbers),
    )


def table(head, rule, rows):
    return "\n".join("| " + " | ".join(cells) + " |" if cells is not rule else "|" + "|".join(rule) + "|" for cells in (head, rule, *rows))


def replace(page, text):
    path = ROOT / page
    old = path.read_text()
    new = re.sub(r"(<!-- numbers: bench/fill-tables.py -->\n).*?(\n<!-- end of numbers -->)", lambda found: found[1] + text + found[2], old, flags=re.S)
    if new == old and text not in old:
        sys.exit(f"{page} has no place for the numbers.")
    path.write_text(new)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    short, full = tables(read(sys.argv[1]))
    replace("README.md", short)
    replace("docs/performance.md", full)
