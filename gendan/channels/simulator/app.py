"""The simulator's addresses: Kuaidi100's own two, Taobao's one, and some under /sim for tests."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import orjson

from gendan.channels.simulator import following
from gendan.channels.simulator.journeys import Event
from gendan.channels.simulator.parcels import Json, Parcel, message, nothing_found
from gendan.channels.simulator.taobao import TaobaoShop

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

ASK_AGAIN_AFTER = timedelta(minutes=30)
NEEDS_PHONE = {"shunfeng", "zhongtong"}
EXPIRED = "expired"


class No(Exception):
    """An answer that is not a trace, with the contract's code."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(code, said)
        self.body = {"result": False, "returnCode": code, "message": said}


@dataclass
class Simulator:
    """An ASGI application; its parcels live as long as it does."""

    customer: str = "gendan-demo"
    key: str = "gendan-demo-key"
    speed: float = 1.0
    parcels: dict[str, Parcel] = field(default_factory=dict)
    asked_at: dict[str, datetime] = field(default_factory=dict)
    taobao: TaobaoShop = field(default_factory=TaobaoShop)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; anything refused is still HTTP 200, as at Kuaidi100."""
        if scope["type"] != "http":
            return None
        act = {
            "/poll/query.do": self.query,
            "/poll": self.subscribe,
            "/router/rest": self.stock,
            "/sim/push": self.push,
            "/sim/ship": self.ship,
            "/sim/reset": self.reset,
        }.get(scope["path"])
        if act is None or scope["method"] != "POST":
            return await _reply(send, 404, {"message": "not found"})
        try:
            body = await act(await _body(receive))
        except No as no:
            body = no.body
        return await _reply(send, 200, body)

    async def query(self, raw: bytes) -> Json:
        """The trace of one number, at most once in half an hour."""
        form = _form(raw)
        question = _param(form)
        if form.get("customer") == EXPIRED:
            raise No("601", "POLL:KEY已过期")
        if form.get("sign") != self._sign(form["param"], form.get("customer", "")):
            raise No("503", "验证签名失败")
        company, number = _told(question, "com", "num")
        _check_phone(company, question.get("phone"))
        return self._answer(company, number)

    async def subscribe(self, raw: bytes) -> Json:
        """Push the coming traces of one number to the given address."""
        question = _param(_form(raw))
        company, number = _told(question, "company", "number")
        wishes = question.get("parameters") or {}
        if question.get("key") != self.key:
            raise No("601" if question.get("key") == EXPIRED else "600", "您不是合法的订阅者")
        if not str(wishes.get("callbackurl", "")).startswith("http"):
            raise No("700", "订阅数据存在错误：callbackurl")
        _check_phone(company, wishes.get("phone"))
        parcel = self._parcel(company, number)
        if parcel.follower and not parcel.follower.done():
            raise No("501", "重复订阅")
        parcel.callback_url, parcel.salt = wishes["callbackurl"], wishes.get("salt", "")
        parcel.follower = asyncio.create_task(following.follow(parcel))
        return {"result": True, "returnCode": "200", "message": "提交成功"}

    async def stock(self, raw: bytes) -> Json:
        """What a shop on Taobao shows of its items."""
        return self.taobao.answer(_form(raw))

    async def push(self, raw: bytes) -> Json:
        """For tests: let {number, state, text} happen now and push it; says if it was accepted."""
        told = orjson.loads(raw)
        parcel = self.parcels[told["number"]]
        if "state" in told:
            event = Event(0, told["state"], told.get("name", ""), told.get("text", "测试轨迹"))
            parcel.extra.append((datetime.now(UTC), event))
        body = message(parcel, datetime.now(UTC), **told.get("changes", {}))
        return {"accepted": await following.push_once(parcel, body)}

    async def ship(self, raw: bytes) -> Json:
        """For the demo: a parcel {company, number, left_at} that left in the past."""
        told = orjson.loads(raw)
        parcel = self._parcel(told["company"], told["number"])
        parcel.left_at = datetime.fromisoformat(told["left_at"])
        return {"result": True}

    async def reset(self, raw: bytes) -> Json:
        """Forget every parcel."""
        for parcel in self.parcels.values():
            if parcel.follower:
                parcel.follower.cancel()
        self.parcels.clear()
        self.asked_at.clear()
        return {"result": True}

    def _answer(self, company: str, number: str) -> Json:
        now = datetime.now(UTC)
        before = self.asked_at.get(number)
        if before and now - before < ASK_AGAIN_AFTER / self.speed:
            raise No("504", "接口访问频率过快：同一单号30分钟内只能查询一次")
        self.asked_at[number] = now
        parcel = self._parcel(company, number)
        if parcel.never_found:
            return nothing_found(parcel, now)
        if not parcel.until(now):
            raise No("500", "查询无结果，请隔段时间再查")
        return parcel.described(now)

    def _parcel(self, company: str, number: str) -> Parcel:
        new = Parcel(company, number, datetime.now(UTC), self.speed)
        return self.parcels.setdefault(number, new)

    def _sign(self, param: str, customer: str) -> str:
        # Written out again on purpose: see `following._sign`.
        text = param + self.key + (customer if customer == self.customer else "unknown")
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def _form(raw: bytes) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(raw.decode()).items()}


def _param(form: dict[str, str]) -> Json:
    try:
        question = orjson.loads(form.get("param", ""))
    except orjson.JSONDecodeError:
        raise No("400", "提交的数据不完整，或者贵公司没授权") from None
    if not isinstance(question, dict):
        raise No("400", "参数错误")
    return question


def _told(question: Json, company: str, number: str) -> tuple[str, str]:
    told = str(question.get(company, "")), str(question.get(number, ""))
    if not all(told) or len(told[1]) > 32:
        raise No("400", "参数错误")
    return told


def _check_phone(company: str, phone: object) -> None:
    if company in NEEDS_PHONE and not str(phone or "")[-4:].isdigit():
        raise No("408", "手机号码校验失败：请提供收件人或寄件人手机号后四位")


async def _body(receive: Receive) -> bytes:
    parts: bytes = b""
    while True:
        part = await receive()
        parts += part.get("body", b"")
        if not part.get("more_body"):
            return parts


async def _reply(send: Send, status: int, body: Json) -> None:
    headers = [(b"content-type", b"application/json; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(body)})
