"""Packs the published tables of divisions into the two files that this package reads.

    python -m gendan.customers.addresses.data.build FOLDER

FOLDER holds `provinces.csv`, `cities.csv`, `areas.csv`, `streets.csv` and `HK-MO-TW.json`.
"""

import csv
import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SPECIAL = {"台湾省": "71", "香港特别行政区": "81", "澳门特别行政区": "82"}
MUNICIPAL = {"市辖区", "县"}


def main(folder: Path) -> None:
    provinces = {row["code"]: row["name"] for row in _rows(folder / "provinces.csv")}
    cities = {
        row["code"]: provinces[row["provinceCode"]] if row["name"] in MUNICIPAL else row["name"]
        for row in _rows(folder / "cities.csv")
    }
    districts = {row["code"]: row["name"] for row in _rows(folder / "areas.csv")}
    _add_special(folder, provinces, cities, districts)
    _write("divisions.json.gz", provinces | cities | districts)
    _write("streets.json.gz", _streets(folder))


def _add_special(
    folder: Path, provinces: dict[str, str], cities: dict[str, str], districts: dict[str, str]
) -> None:
    """Number what lies below Hong Kong, Macau and Taiwan ourselves, in the file's order."""
    for province, below in json.loads((folder / "HK-MO-TW.json").read_text()).items():
        code = SPECIAL[province]
        provinces[code] = province
        for i, (city, names) in enumerate(below.items(), start=1):
            cities[f"{code}{i:02}"] = city
            for j, name in enumerate(names, start=1):
                districts[f"{code}{i:02}{j:02}"] = re.sub("（.*", "", name)


def _streets(folder: Path) -> dict[str, dict[str, str]]:
    streets: dict[str, dict[str, str]] = {}
    for row in _rows(folder / "streets.csv"):
        streets.setdefault(row["areaCode"], {})[row["code"][6:]] = row["name"]
    return streets


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _write(name: str, content: Any) -> None:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (HERE / name).write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
