"""Speaks Taobao's open platform (TOP): taobao.skus.quantity.update, and item.update.(de)listing.

Quantities are absolute (`type=1`), at most 20 listings of one item in a call, named by the
merchant's codes (`outerid_quantities`). What the calls are called, take and answer is from public
SDKs of 2026.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

import httpx
import orjson
from django.utils.translation import gettext as _

from gendan.channels.publishing.refusal import Refusal

CHINA = ZoneInfo("Asia/Shanghai")
ALL_OF_IT = "1"  # `type`: the quantity itself, not a difference
TOO_OFTEN = {"7"}
ACCOUNT = {"11", "22", "25", "26", "27", "29"}  # key, session, signature


class Taobao:
    """A connection to one shop."""

    most = 20

    def __init__(
        self, url: str, app_key: str, secret: str, session: str, *, seconds: float = 10
    ) -> None:
        self.app_key, self.secret, self.session = app_key, secret, session
        self.http = httpx.Client(base_url=url, timeout=seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.http.close()

    def set_quantities(self, item: str, quantities: Mapping[str, int]) -> None:
        """Let an item show these quantities, by the merchant's codes.

        :raises Refusal: with what to do about it
        """
        bad = next((code for code in quantities if ":" in code or ";" in code), None)
        if bad:
            advice = _("Change the code in the shop: it can't be told with a colon or semicolon.")
            raise Refusal("outerid", bad, again=False, advice=advice)
        told = ";".join(f"{code}:{number}" for code, number in quantities.items())
        params = {"num_iid": item, "outerid_quantities": told, "type": ALL_OF_IT}
        self._call("taobao.skus.quantity.update", params)

    def put_on_sale(self, item: str, number: int) -> None:
        """List an item again, with so many pieces in all.

        :raises Refusal: with what to do about it
        """
        self._call("taobao.item.update.listing", {"num_iid": item, "num": str(number)})

    def take_off_sale(self, item: str) -> None:
        """Delist an item.

        :raises Refusal: with what to do about it
        """
        self._call("taobao.item.update.delisting", {"num_iid": item})

    def _call(self, method: str, params: Mapping[str, str]) -> dict[str, Any]:
        form = {
            "method": method,
            "app_key": self.app_key,
            "session": self.session,
            "timestamp": f"{datetime.now(CHINA):%Y-%m-%d %H:%M:%S}",
            "format": "json",
            "v": "2.0",
            "sign_method": "md5",
            **params,
        }
        answer = self._post(form | {"sign": sign(form, self.secret)})
        if "error_response" in answer:
            raise _refusal(answer["error_response"])
        return answer

    def _post(self, form: Mapping[str, str]) -> dict[str, Any]:
        try:
            answer = self.http.post("/router/rest", data=dict(form))
            answer.raise_for_status()
            body = orjson.loads(answer.content)
        except httpx.HTTPStatusError as failure:
            raise Refusal(str(failure.response.status_code), "HTTP", again=True) from failure
        except httpx.HTTPError as failure:
            raise Refusal("—", str(failure) or _("no answer"), again=True) from failure
        except orjson.JSONDecodeError as failure:
            raise Refusal("—", _("an answer that can't be read"), again=True) from failure
        if not isinstance(body, dict):
            raise Refusal("—", _("an answer that can't be read"), again=True)
        return body


def sign(form: Mapping[str, str], secret: str) -> str:
    """Return the signature of a call: names and values in order, between the secret, as MD5."""
    text = "".join(f"{name}{form[name]}" for name in sorted(form))
    told = f"{secret}{text}{secret}".encode()
    return hashlib.md5(told, usedforsecurity=False).hexdigest().upper()


def _refusal(told: Mapping[str, Any]) -> Refusal:
    """`isp.` is the platform's own fault, and comes again; `isv.` is ours, and does not."""
    code, sub = str(told.get("code", "")), str(told.get("sub_code", ""))
    said = str(told.get("sub_msg") or told.get("msg") or "")[:120]
    if code in TOO_OFTEN or sub.startswith("isp.") or (code == "15" and not sub):
        return Refusal(sub or code, said, again=True)
    advice = _("Set the platform's item number of these goods right, then try again.")
    if code in ACCOUNT:
        advice = _("The administrator renews the shop's key or session in the settings.")
    return Refusal(sub or code, said, again=False, advice=advice)
