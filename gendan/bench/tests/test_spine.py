"""What the spine's part says of its runs."""

from typing import Any

from gendan.bench import spine

STAGES = ("intake", "screening", "review", "reservation", "shipped")


def a_run(orders: int, seconds: float, peak_mb: float) -> dict[str, Any]:
    stages = {name: {"moved": orders, "seconds": seconds} for name in STAGES}
    return {"orders": orders, "stages": stages, "peak_mb": peak_mb, "differences": 0}


def test_speeds_are_said_of_the_smaller_size_and_of_the_floor() -> None:
    runs = {
        10_000: [a_run(10_000, seconds, 100) for seconds in (9, 1, 2)],
        100_000: [a_run(100_000, 10, 150)],
    }
    facts = spine._facts(runs, {"orders_per_s": 5_000})
    assert facts["intake_screen_reserve"] == {"orders_per_s": 1_667, "of_floor": 0.333}
    assert facts["spine"] == {"orders_per_s": 1_000, "of_floor": 0.2}
    assert facts["stages"]["shipped"] == {"seconds": 2, "orders_per_s": 5_000, "moved": 10_000}
    assert facts["peak_mb"] == {"10000": 100, "100000": 150}
    assert (facts["memory_growth"], facts["time_growth"]) == (1.5, 0.5)


def test_a_missed_aim_is_marked() -> None:
    facts = spine._facts({10_000: [a_run(10_000, 5, 100)]}, {"orders_per_s": 5_000})
    missed = [row.what for row in spine.rows(facts | {"journal": {"acts": {}}}) if row.met is False]
    assert missed == ["Intake, screening and reservation", "The whole spine"]
