"""A Taobao of our own for demo and tests: the stock of items, by the open platform's calls.

taobao.skus.quantity.update, taobao.item.update.listing and taobao.item.update.delisting, with the
signature and the refusals of the platform. An item is there once somebody has told of it.
"""

import hashlib
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]
MOST = 20
CHINA = timedelta(hours=8)


class Error(Exception):
    """An answer that is a refusal."""

    def __init__(self, code: int, message: str, sub_code: str = "", sub_message: str = "") -> None:
        super().__init__(code, message)
        told = {"code": code, "msg": message, "sub_code": sub_code, "sub_msg": sub_message}
        self.body = {"error_response": {name: word for name, word in told.items() if word}}


@dataclass
class Item:
    """What the shop shows of an item: how many of each code, and whether it is on sale."""

    quantities: dict[str, int] = field(default_factory=dict)
    is_listed: bool = True


@dataclass
class TaobaoShop:
    """One shop. `per_second` calls are allowed; `troubles` are the next answers, if any."""

    app_key: str = "gendan-demo"
    secret: str = "gendan-demo-secret"  # noqa: S105  (a demo's, known to everybody)
    session: str = "gendan-demo-session"
    per_second: float = 1000.0
    items: dict[str, Item] = field(default_factory=dict)
    troubles: list[Error] = field(default_factory=list)
    calls: list[Json] = field(default_factory=list)
    last_call: float = 0.0

    def answer(self, form: dict[str, str]) -> Json:
        """Answer a call; a refusal is HTTP 200 too."""
        try:
            self._check(form)
            act = {
                "taobao.skus.quantity.update": self._set,
                "taobao.item.update.listing": self._list,
                "taobao.item.update.delisting": self._delist,
            }.get(form.get("method", ""))
            if act is None:
                raise Error(22, "Invalid Method")
            self.calls.append(dict(form))
            return act(form)
        except Error as error:
            return error.body

    def _check(self, form: dict[str, str]) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        if form.get("sign") != self._sign(form):
            raise Error(25, "Invalid Signature")
        if form.get("app_key") != self.app_key:
            raise Error(29, "Invalid App Key")
        if form.get("session") != self.session:
            raise Error(27, "Invalid Session")
        now = time.monotonic()
        if now - self.last_call < 1 / self.per_second:
            raise Error(
                7, "App Call Limited", "accesscontrol.limited-by-api-access-count", "请求过于频繁"
            )
        self.last_call = now

    def _set(self, form: dict[str, str]) -> Json:
        told = [pair.rpartition(":") for pair in form.get("outerid_quantities", "").split(";")]
        if not 1 <= len(told) <= MOST or not all(code and num.isdigit() for code, _c, num in told):
            raise Error(41, "Invalid Arguments", "isv.invalid-parameter", "outerid_quantities")
        item = self.items.setdefault(_number(form), Item())
        item.quantities.update({code: int(num) for code, _colon, num in told})
        skus = [{"outer_id": code, "quantity": int(num)} for code, _colon, num in told]
        return _answer("skus_quantity_update_response", form, skus={"sku": skus})

    def _list(self, form: dict[str, str]) -> Json:
        item = self._item(form)
        if not any(item.quantities.values()):
            raise Error(530, "Remote service error", "isv.item-listing-service-error", "库存为0")
        item.is_listed = True
        return _answer("item_update_listing_response", form)

    def _delist(self, form: dict[str, str]) -> Json:
        self._item(form).is_listed = False
        return _answer("item_update_delisting_response", form)

    def _item(self, form: dict[str, str]) -> Item:
        item = self.items.get(_number(form))
        if item is None:
            raise Error(
                560, "Remote service error", "isv.item-not-exist:invalid-numIid", "商品不存在"
            )
        return item

    def _sign(self, form: dict[str, str]) -> str:
        # Written out again on purpose: a simulator that used our own signing could not catch its
        # fault.
        told = "".join(name + word for name, word in sorted(form.items()) if name != "sign")
        text = self.secret + told + self.secret
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def _number(form: dict[str, str]) -> str:
    number = form.get("num_iid", "")
    if not number.isdigit():
        raise Error(41, "Invalid Arguments", "isv.invalid-parameter:num_iid", "num_iid")
    return number


def _answer(name: str, form: dict[str, str], **more: Any) -> Json:
    modified = f"{datetime.now(UTC) + CHINA:%Y-%m-%d %H:%M:%S}"
    item = {"num_iid": int(form["num_iid"]), "modified": modified, **more}
    return {name: {"item": item, "request_id": "sim"}}
