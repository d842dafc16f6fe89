"""The spine: 10,000 and 100,000 orders, from a platform's file until they are signed for.

Each run has a house of its own: the merchant and the files are made by other processes, so that
the memory and the seconds are those of the orders alone. What a stage's speed is said of is the
orders in the file, whatever number of them, or of their parcels, the stage moved.
"""

from collections.abc import Iterator
from typing import Any

import psycopg

from gendan.bench import floor, journal
from gendan.bench.ground import Ground, Site
from gendan.bench.measuring import median
from gendan.bench.report import Row

SHOP = "taobao"
RUNS = {10_000: 3, 100_000: 1}
QUICK = {300: 1}
FIRST = ("intake", "screening", "reservation")

Facts = dict[str, Any]


def measure(ground: Ground, *, quick: bool) -> Facts:
    """Bring orders to their customers' doors, and lay the floor beside them."""
    ground.say("laying the floor")
    with ground.database("spine_floor") as site:
        least = floor.as_set(site.url, runs=1 if quick else 5)
    written_down = journal.measure(ground, quick=quick)
    sizes = QUICK if quick else RUNS
    runs = {orders: [_run(ground, orders) for _time in range(n)] for orders, n in sizes.items()}
    return _facts(runs, least) | {"journal": written_down}


def _run(ground: Ground, orders: int) -> Facts:
    with ground.database("spine") as site:
        files = _furnish(site, orders)
        return site.run("gendan.bench.spine_run", SHOP, *files)


def _furnish(site: Site, orders: int) -> list[str]:
    """Make the merchant and the files; the server knows its tables, as it does after a night."""
    site.run("gendan.bench.merchant", str(orders))
    with psycopg.connect(site.url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    written = site.run("gendan.bench.platform_files", str(orders), str(site.home / "files"))
    return [str(path) for path in written["files"]]


def _facts(runs: dict[int, list[Facts]], least: Facts) -> Facts:
    """Say of each size its medians; the first size is the one that the floor is compared with."""
    sizes = {orders: _medians(orders, facts) for orders, facts in runs.items()}
    smallest, largest = sizes[min(sizes)], sizes[max(sizes)]
    return {
        "floor": {"orders_per_s": round(least["orders_per_s"])},
        "intake_screen_reserve": _speed(smallest, FIRST, least),
        "spine": _speed(smallest, tuple(smallest["stages"]), least),
        "stages": smallest["stages"],
        "sizes": {str(orders): facts for orders, facts in sizes.items()},
        "peak_mb": {str(orders): facts["peak_mb"] for orders, facts in sizes.items()},
        "memory_growth": round(largest["peak_mb"] / smallest["peak_mb"], 2),
        "time_growth": round(_per_order(largest) / _per_order(smallest), 2),
        "differences": sum(facts["differences"] for facts in sizes.values()),
    }


def _medians(orders: int, runs: list[Facts]) -> Facts:
    stages = {}
    for name, first in runs[0]["stages"].items():
        seconds = median([run["stages"][name]["seconds"] for run in runs])
        stages[name] = {
            "seconds": round(seconds, 3),
            "orders_per_s": round(orders / seconds),
            "moved": first["moved"],
        }
    return {
        "orders": orders,
        "stages": stages,
        "peak_mb": round(median([run["peak_mb"] for run in runs])),
        "differences": sum(run["differences"] for run in runs),
    }


def _speed(facts: Facts, stages: tuple[str, ...], least: Facts) -> Facts:
    speed = facts["orders"] / _seconds(facts, stages)
    return {"orders_per_s": round(speed), "of_floor": round(speed / least["orders_per_s"], 3)}


def _per_order(facts: Facts) -> float:
    return _seconds(facts, tuple(facts["stages"])) / float(facts["orders"])


def _seconds(facts: Facts, stages: tuple[str, ...]) -> float:
    return float(sum(facts["stages"][name]["seconds"] for name in stages))


def rows(facts: Facts) -> list[Row]:
    """Return what the table says."""
    return [*_aims(facts), *_growth(facts), *journal.rows(facts["journal"]), *_stages(facts)]


def _aims(facts: Facts) -> Iterator[Row]:
    first, whole = facts["intake_screen_reserve"], facts["spine"]
    least = facts["floor"]["orders_per_s"]
    yield Row("The floor: 10,000 orders as a set", f"{least:,} orders/s")
    yield Row(
        "Intake, screening and reservation",
        f"{first['orders_per_s']:,} orders/s",
        first["of_floor"],
        "≥ 2,000 and ≥ 0.25",
        first["orders_per_s"] >= 2_000 and first["of_floor"] >= 0.25,
    )
    yield Row(
        "The whole spine",
        f"{whole['orders_per_s']:,} orders/s",
        whole["of_floor"],
        "≥ 600",
        whole["orders_per_s"] >= 600,
    )


def _growth(facts: Facts) -> Iterator[Row]:
    peaks = ", ".join(f"{mb:,} MB for {int(n):,}" for n, mb in facts["peak_mb"].items())
    memory, time = facts["memory_growth"], facts["time_growth"]
    yield Row("Memory at most", peaks, aim="≤ 1.5 times", met=memory <= 1.5)
    yield Row(
        "Time for an order, of the many beside the few",
        f"{time:.2f} times",
        aim="≤ 1.0",
        met=round(time, 1) <= 1,
    )
    wrong = facts["differences"]
    yield Row("What gendan verify finds afterwards", f"{wrong}", aim="0", met=wrong == 0)


def _stages(facts: Facts) -> Iterator[Row]:
    for orders, of_size in facts["sizes"].items():
        for name, stage in of_size["stages"].items():
            said = f"{stage['seconds']:.2f} s, {stage['orders_per_s']:,} orders/s"
            yield Row(f"{int(orders):,} orders: {name}", said)
