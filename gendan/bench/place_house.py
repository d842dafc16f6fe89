"""What `gendan bench place` does inside the house: the orders to be placed, and looking afterwards.

Statements are counted on the wire: libpq writes down every message that it sends, so that nothing
on the way can hide one.
"""

import json
import re
import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection

from gendan.bench.house import say
from gendan.bench.platform_files import bought_orders
from gendan.config.demo.files import Bought
from gendan.config.verify import verify
from gendan.journal.actors import Job
from gendan.orders.models import Order
from gendan.orders.stages import Source
from gendan.people.actions import make_key
from gendan.people.models import Shop, ShopKind

PAID = (True, True, False)  # of three orders, one is still to be paid
SENT = re.compile(r"\tF\t\d+\t(?:Query|Execute)\b")
COUNTED, BEFORE = 60, 40
SEED = 5


def main(what: str, *words: str) -> dict[str, Any]:
    """Do one of the things below."""
    acts: dict[str, Callable[..., dict[str, Any]]]
    acts = {"prepare": prepare, "statements": statements, "afterwards": afterwards}
    return acts[what](*words)


def prepare(number: str, file: str) -> dict[str, Any]:
    """Make a key, and write so many orders into a file, one a line."""
    say(f"writing {int(number):,} orders as programs send them")
    _key, secret = make_key(by=Job("bench"), name="ERP", scopes=["orders.place"])
    with Path(file).open("wb") as lines:
        for body in _bodies(int(number)):
            lines.write(json.dumps(body, ensure_ascii=False).encode() + b"\n")
    return {"key": secret}


def _bodies(number: int) -> Iterator[dict[str, Any]]:
    shop = Shop.objects.filter(kind=ShopKind.WEB).order_by("pk")[0].code
    for index, bought in enumerate(bought_orders(number, seed=SEED)):
        if bought.buyer.province:
            yield _body(index, bought, shop)


def _body(index: int, bought: Bought, shop: str) -> dict[str, Any]:
    """Return an order as a program sends it: every other with its address in one piece."""
    buyer = bought.buyer
    columns = {
        "province": buyer.province,
        "city": buyer.city,
        "district": buyer.district,
        "detail": buyer.detail,
    }
    body = {
        "shop": shop,
        "platform_order": f"ERP-{bought.number}",
        "lines": [{"sku": sku.code, "quantity": number} for sku, number in bought.goods],
        "receiver_name": buyer.name,
        "receiver_phone": buyer.phone,
        "address": columns if index % 2 else {"text": buyer.line},
        "buyer": buyer.nick,
        "buyer_remark": bought.remark,
    }
    if PAID[index % len(PAID)]:
        slip = {
            "method": "WECHAT",
            "amount_fen": bought.goods_fen,
            "reference": f"W{bought.number}",
        }
        body["payment"] = slip
    return body


def statements(file: str, skip: str, key: str) -> dict[str, float]:
    """Place some orders, and count what each of them sends to the database."""
    application = get_wsgi_application()
    with Path(file).open("rb") as lines:
        bodies = [line.rstrip(b"\n") for line in islice(lines, int(skip), int(skip) + COUNTED)]
    for body in bodies[:BEFORE]:
        _call(application, body, key)
    counts = [_sent(application, body, key) for body in bodies[BEFORE:]]
    return {
        "least": min(counts),
        "mean": sum(counts) / len(counts),
        "most": max(counts),
        "placed": len(bodies),
    }


def _sent(application: Any, body: bytes, key: str) -> int:
    line = connection.connection.pgconn
    with tempfile.TemporaryFile() as messages:
        line.trace(messages.fileno())
        _call(application, body, key)
        line.untrace()
        messages.seek(0)
        return len(SENT.findall(messages.read().decode("utf-8", "replace")))


def _call(application: Any, body: bytes, key: str) -> None:
    """Call the house as its web process does."""
    told: list[str] = []
    environment = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/orders",
        "SERVER_NAME": settings.ALLOWED_HOSTS[0],
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_AUTHORIZATION": f"Bearer {key}",
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    answer = application(environment, lambda status, _headers: told.append(status))
    text = b"".join(answer)
    answer.close()
    if not told[0].startswith("201"):
        raise AssertionError(f"{told[0]}: {text.decode()}")


def afterwards() -> dict[str, Any]:
    """Say how many orders there are, and what does not add up."""
    return {
        "orders": Order.objects.filter(source=Source.API).count(),
        "findings": [str(finding) for finding in verify()],
    }
