from datetime import date

from gendan.channels.tests.reconciling.conftest import ParcelMaker
from gendan.config.tests.test_api import _key as make_key
from gendan.config.tests.test_api import ask


def test_a_program_compares_reads_and_settles(make_parcels: ParcelMaker, today: date) -> None:
    make_parcels(1, hours_ago=0)
    key = make_key()
    assert ask(key, "POST", f"/reconciling/days/{today}/compare").told == {"checked": 1, "open": 2}
    found = ask(key, "GET", f"/reconciling/days/{today}").told["rows"]
    assert {one["kind"] for one in found} == {"NOT_TOLD", "NOT_LISTED"}
    ids = {"ids": [one["id"] for one in found], "why": "样品"}
    assert ask(key, "POST", "/reconciling/settle", ids).told == {"settled": 2}
    assert ask(key, "POST", "/reconciling/settle", ids).status_code == 409
    assert ask(make_key("stock.see"), "GET", f"/reconciling/days/{today}").status_code == 403
    stranger = make_key(shop_ids=[])
    assert ask(stranger, "GET", f"/reconciling/days/{today}").told["rows"] == []
    assert ask(stranger, "POST", "/reconciling/settle", ids).status_code == 404
