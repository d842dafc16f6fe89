"""Asks Kuaidi100 for a trace and asks it to push the coming ones."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import orjson

from gendan.channels.kuaidi100.answers import Json, Track, read_track
from gendan.channels.kuaidi100.carriers import LONGEST_NUMBER, needs_phone, possible_number
from gendan.channels.kuaidi100.refusals import (
    ON_QUERY,
    ON_SUBSCRIBE,
    SUBSCRIBED_ALREADY,
    BadQuestion,
    PhoneNeeded,
    Refused,
    TheirFault,
    Unreachable,
)
from gendan.channels.kuaidi100.signing import query_sign

# Kuaidi100 answers 504 to the same number within this time.
AGAIN_AFTER = timedelta(minutes=30)
# The finest states the contract offers (resultv2): advanced state, areas and numbers per line.
DETAIL = "4"


@dataclass(frozen=True)
class Account:
    """The merchant's account at Kuaidi100."""

    customer: str
    key: str = field(repr=False)
    url: str = "https://poll.kuaidi100.com"


class Client:
    """A connection to Kuaidi100; use as a context manager, one for a whole batch."""

    def __init__(self, account: Account, *, seconds: float = 10) -> None:
        self.account = account
        self.http = httpx.Client(base_url=account.url, timeout=seconds)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_failure: object) -> None:
        self.http.close()

    def query(self, company: str, number: str, phone: str = "") -> Track:
        """The whole trace of one number; at most once in `AGAIN_AFTER` for the same one.

        :raises Refused: with what to do about it
        """
        _check(company, number, phone)
        param = _text(
            {"com": company, "num": number, "phone": phone, "resultv2": DETAIL, "order": "desc"}
        )
        sign = query_sign(param, key=self.account.key, customer=self.account.customer)
        answer = self._post(
            "/poll/query.do", {"customer": self.account.customer, "sign": sign, "param": param}
        )
        code = str(answer.get("returnCode") or answer.get("status") or "")
        if code != "200":
            raise _refusal(ON_QUERY, code, answer)
        return read_track(answer)

    def subscribe(
        self, company: str, number: str, phone: str = "", *, callback_url: str, salt: str
    ) -> None:
        """Have the coming traces of one number pushed to us; asking twice does no harm.

        :raises Refused: with what to do about it
        """
        _check(company, number, phone)
        wishes = {"callbackurl": callback_url, "salt": salt, "resultv2": DETAIL, "phone": phone}
        param = _text(
            {
                "company": company,
                "number": number,
                "key": self.account.key,
                "parameters": {**wishes, "autoCom": "1"},
            }
        )
        answer = self._post("/poll", {"schema": "json", "param": param})
        code = str(answer.get("returnCode", ""))
        if code not in ("200", SUBSCRIBED_ALREADY):
            raise _refusal(ON_SUBSCRIBE, code, answer)

    def _post(self, path: str, form: dict[str, str]) -> Json:
        try:
            answer = self.http.post(path, data=form)
            answer.raise_for_status()
            body = orjson.loads(answer.content)
        except httpx.HTTPStatusError as failure:
            raise TheirFault(str(failure.response.status_code), "HTTP") from failure
        except httpx.HTTPError as failure:
            raise Unreachable("", str(failure)) from failure
        except orjson.JSONDecodeError as failure:
            raise TheirFault("", str(failure)) from failure
        if not isinstance(body, dict):
            raise TheirFault("", "not an object")
        return body


def _check(company: str, number: str, phone: str) -> None:
    if not possible_number(number):
        raise BadQuestion("400", f"number of 6 to {LONGEST_NUMBER} letters and digits: {number!r}")
    if needs_phone(company) and not phone[-4:].isdigit():
        raise PhoneNeeded("408", f"{company} needs the phone's last four digits")


def _text(param: dict[str, Any]) -> str:
    return orjson.dumps(param).decode()


def _refusal(table: dict[str, type[Refused]], code: str, answer: Json) -> Refused:
    return table.get(code, Refused)(code, str(answer.get("message", "")))
