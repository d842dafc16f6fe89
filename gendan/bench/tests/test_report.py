"""What people and programs read of a measurement."""

from gendan.bench.measuring import median, percentiles
from gendan.bench.report import Row, markdown, replaced


def test_percentiles_are_in_milliseconds() -> None:
    assert percentiles([n / 1000 for n in range(1, 102)]) == {
        "p50_ms": 51.0,
        "p95_ms": 96.0,
        "p99_ms": 100.0,
    }
    assert percentiles([0.25]) == {"p50_ms": 250.0, "p95_ms": 250.0, "p99_ms": 250.0}
    assert median([3, 1, 2]) == 2


def test_a_missed_aim_says_so() -> None:
    text = markdown("Spine", [Row("intake", "900 orders/s", 0.123, "≥ 2,000", met=False)])
    assert "| intake | 900 orders/s | 0.12 | ≥ 2,000 | missed |" in text
    assert text.startswith("## Spine\n")


def test_a_chapter_takes_the_place_of_its_older_self() -> None:
    page = replaced(replaced("# Benchmarks\n", "spine", "old\n"), "place", "beside\n")
    again = replaced(page, "spine", "new\n")
    assert again == page.replace("old", "new")
    assert again.count("beside") == 1
