"""Packs the published coordinates of divisions into the file that distances are reckoned from.

    python -m gendan.stock.data.build cpca_adcodes.csv

Kept are provinces, cities, and the counties that stand under no city, to about a kilometre.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

POSITIONS = Path(__file__).parent / "positions.csv"
NO_CITY_ABOVE = ("4190", "4290", "4690", "6590")
RENUMBERED = {"5424": "5406"}  # 那曲


def main(published: Path) -> None:
    with published.open(encoding="utf-8-sig", newline="") as file:
        rows = sorted(_kept(csv.DictReader(file)))
    with POSITIONS.open("w", encoding="ascii", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _kept(rows: Iterator[dict[str, str]]) -> Iterator[tuple[str, str, str]]:
    for row in rows:
        code = _code(row["adcode"][:6])
        if code and row["latitude"]:
            yield code, f"{float(row['latitude']):.2f}", f"{float(row['longitude']):.2f}"


def _code(code: str) -> str:
    """Return the code without its zeros; none for a district below a city."""
    if code.endswith("0000"):
        return code[:2]
    if code.endswith("00"):
        return RENUMBERED.get(code[:4], code[:4])
    return code if code.startswith(NO_CITY_ABOVE) else ""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
