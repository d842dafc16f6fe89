"""The parcels the simulator knows, in memory, and how Kuaidi100 would describe each."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gendan.channels.simulator.journeys import GIVEN_UP, NOTHING_FOUND, Event, journey

SHANGHAI = ZoneInfo("Asia/Shanghai")
Json = dict[str, Any]
BASIC = {"1": "1", "1001": "0", "1002": "0", "1003": "0"}
ENDS = {"3", "4"}


@dataclass
class Parcel:
    """One number: when it left, what happens to it, and who wants to hear of it."""

    company: str
    number: str
    left_at: datetime
    speed: float
    callback_url: str = ""
    salt: str = ""
    extra: list[tuple[datetime, Event]] = field(default_factory=list)
    follower: "asyncio.Task[None] | None" = None

    def lines(self) -> list[tuple[datetime, Event]]:
        """All that will have happened, oldest first, with the instants."""
        planned = [(self.at(event.hours), event) for event in journey(self.number)]
        return sorted(planned + self.extra, key=lambda line: line[0])

    def at(self, hours: float) -> datetime:
        """The instant so many of the parcel's own hours after it left."""
        return self.left_at + timedelta(hours=hours / self.speed)

    def until(self, now: datetime) -> list[tuple[datetime, Event]]:
        """What has happened by now, newest first, as the contract lists it."""
        return [line for line in reversed(self.lines()) if line[0] <= now]

    def described(self, now: datetime) -> Json:
        """The answer of a query, and the `lastResult` of a push."""
        lines = self.until(now)
        state = basic(lines[0][1].code) if lines else "0"
        return {
            "message": "ok",
            "nu": self.number,
            "ischeck": "1" if state == "3" else "0",
            "com": self.company,
            "status": "200",
            "condition": "F00",
            "state": state,
            "data": [_row(at, event) for at, event in lines],
        }

    @property
    def never_found(self) -> bool:
        """Whether this number is answered with 查无结果."""
        return self.number.endswith(NOTHING_FOUND)

    @property
    def given_up(self) -> bool:
        """Whether following this number ends with 3天查询无记录."""
        return self.number.endswith(GIVEN_UP)


def basic(code: str) -> str:
    """The state of the whole parcel for the number of its newest line: 301 becomes 3."""
    if code in ("10", "11", "12", "13", "14"):
        return code
    return BASIC.get(code, code[:1])


def nothing_found(parcel: Parcel, now: datetime) -> Json:
    """The trap: a number nobody knows, answered as signed with one line 查无结果."""
    answer = parcel.described(now)
    line = Event(0, "", "", "查无结果")
    return {**answer, "ischeck": "1", "state": "3", "data": [_row(now, line)]}


def message(parcel: Parcel, now: datetime, **changes: str) -> Json:
    """What is pushed; `shutdown` when the parcel has arrived, `polling` before."""
    told = parcel.described(now)
    return {
        "status": "shutdown" if told["state"] in ENDS else "polling",
        "billstatus": "check" if told["state"] in ENDS else "change",
        "message": "变化",
        "autoCheck": "0",
        "comOld": "",
        "comNew": "",
        "lastResult": told,
        **changes,
    }


def abort(parcel: Parcel) -> Json:
    """What is pushed when nothing was heard of the number for three days."""
    said = "快递公司参数异常：单号不存在或者已经过期"
    told = {"message": said, "nu": parcel.number, "com": parcel.company, "data": []}
    return {
        "status": "abort",
        "billstatus": "",
        "message": "3天查询无记录",
        "autoCheck": "0",
        "comOld": "",
        "comNew": "",
        "lastResult": {**told, "ischeck": "0", "condition": "", "status": "201", "state": "0"},
    }


def _row(at: datetime, event: Event) -> dict[str, str]:
    moment = at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    row = {"time": moment, "ftime": moment, "context": event.text}
    if event.code:
        row |= {"status": event.name, "statusCode": event.code, "areaName": event.area}
    return row
