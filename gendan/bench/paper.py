"""Paper: how soon a thousand parcels' waybills and notes are a file, and in how much memory."""

from typing import Any

from gendan.bench.ground import BenchFailed, Ground, Site
from gendan.bench.measuring import median
from gendan.bench.report import Row

FEW, MANY, RUNS = 1_000, 10_000, 3
PER_SHIPMENT = 2.3
"""Orders for every shipment: some are held or short, some travel together."""

AIM_S = 3.0
FLAT = 1.3


def measure(ground: Ground, *, quick: bool) -> dict[str, Any]:
    """Return seconds and memory of the printer's job, from the tables to the file in its place."""
    few, many = (FEW // 10, MANY // 10) if quick else (FEW, MANY)
    with ground.database("paper") as site:
        if site.is_new:
            site.run("gendan.bench.paper_house", str(int(many * PER_SHIPMENT)))
        ground.say(f"printing {few:,} waybills and notes {RUNS} times, then {many:,}")
        runs = [_run(site, number * few, few) for number in range(RUNS)]
        large = _run(site, 0, many)
    return {
        "shipments": [runs[0]["shipments"], large["shipments"]],
        "file_mb": [runs[0]["file_mb"], large["file_mb"]],
        "seconds_1000": round(median([run["seconds"] for run in runs]), 2),
        "cpu_s_1000": round(median([run["cpu_s"] for run in runs]), 2),
        "peak_mb_1000": max(run["peak_mb"] for run in runs),
        "seconds_10000": round(large["seconds"], 2),
        "peak_mb_10000": large["peak_mb"],
    }


def _run(site: Site, first: int, number: int) -> dict[str, Any]:
    """Print in a process of its own, so that its memory is its own, too."""
    facts = site.run("gendan.bench.paper_run", str(first), str(number))
    if facts["pages"] < 2 * number:
        raise BenchFailed(f"only {facts['pages']} pages were entered for {number} shipments")
    return facts


def rows(facts: dict[str, Any]) -> list[Row]:
    """Return what the table prints."""
    few, many = facts["shipments"]
    growth = facts["peak_mb_10000"] / facts["peak_mb_1000"]
    return [
        Row(
            f"{few:,} waybills and {few:,} delivery notes",
            f"{facts['seconds_1000']:.2f} s ({facts['cpu_s_1000']:.1f} s of processor time)",
            aim=f"≤ {AIM_S:.0f} s",
            met=facts["seconds_1000"] <= AIM_S,
        ),
        Row(f"{many:,} of each", f"{facts['seconds_10000']:.1f} s"),
        Row(f"Peak memory for {few:,}", f"{facts['peak_mb_1000']} MB"),
        Row(
            f"Peak memory for {many:,}",
            f"{facts['peak_mb_10000']} MB ({growth:.2f} times)",
            aim=f"≤ {FLAT} times",
            met=growth <= FLAT,
        ),
    ]
