"""The picture of the stock: what listings ought to show, by the rules, at one instant."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import connection

PICTURE = Path(__file__).with_name("picture.sql").read_text()


def take_picture(*, skus: Sequence[int] | None, shop_ids: Sequence[int] | None) -> None:
    """Put what these listings ought to show into the temporary table `picture`."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS picture")
        lists = [None if ids is None else list(ids) for ids in (skus, shop_ids)]
        asked = {"skus": lists[0], "shops": lists[1], "zone": settings.TIME_ZONE}
        cursor.execute(PICTURE, asked)
