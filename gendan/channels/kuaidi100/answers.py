"""Reads what Kuaidi100 answers and pushes into tracks; the raw answer stays beside them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gendan.channels.kuaidi100.states import NOTHING_FOUND, state_of
from gendan.delivery.models import TraceState

SHANGHAI = ZoneInfo("Asia/Shanghai")
ENDS = {TraceState.SIGNED, TraceState.RETURNED, TraceState.UNKNOWN}
Json = dict[str, Any]


@dataclass(frozen=True)
class Point:
    """One line of a trace; `code` is the provider's, as it came, or empty."""

    at: datetime
    text: str
    code: str
    state: TraceState
    area: str = ""


@dataclass(frozen=True)
class Track:
    """What is known of one parcel, oldest point first. `state` is None while nothing is known."""

    company: str
    number: str
    code: str
    state: TraceState | None
    points: tuple[Point, ...]
    raw: Json

    @property
    def signed(self) -> bool:
        """Whether the receiver has it."""
        return self.state == TraceState.SIGNED


@dataclass(frozen=True)
class Push:
    """One message sent to our callback address; `status` is polling, shutdown, abort, updateall."""

    status: str
    said: str
    track: Track
    corrected_company: str
    raw: Json

    @property
    def given_up(self) -> bool:
        """Whether Kuaidi100 has stopped following the number without an end (3 or 60 days)."""
        return self.status == "abort"


def read_track(answer: Json) -> Track:
    """The track in an answer's body or in a push's `lastResult`.

    A number nobody knows is answered with state 3 (signed) and one line 查无结果: no points.
    """
    rows = [row for row in answer.get("data") or [] if row.get("context") != NOTHING_FOUND]
    # They come newest first; lines of one second keep their order.
    points = tuple(sorted((_point(row) for row in reversed(rows)), key=lambda point: point.at))
    code = str(answer.get("state", ""))
    return Track(
        company=answer.get("com", ""),
        number=answer.get("nu", ""),
        code=code,
        state=_overall(code, points),
        points=points,
        raw=answer,
    )


def read_push(body: Json) -> Push:
    """The message in the `param` field of a callback."""
    corrected = body.get("comNew", "") if str(body.get("autoCheck")) == "1" else ""
    return Push(
        status=body.get("status", ""),
        said=body.get("message", ""),
        track=read_track(body.get("lastResult") or {}),
        corrected_company=corrected,
        raw=body,
    )


def _overall(code: str, points: tuple[Point, ...]) -> TraceState | None:
    if not points:
        return None
    # The newest line is often finer than the whole (204 failed attempt, where the whole says 2),
    # but only the whole says that it is over: a line 签收 may be the sender's own, on the way back.
    newest, whole = points[-1], state_of(code)
    if whole in ENDS or newest.state in ENDS or not newest.code:
        return whole
    return newest.state


def _point(row: Json) -> Point:
    code, name = str(row.get("statusCode") or ""), row.get("status") or ""
    text = row.get("context", "")
    moment = row.get("time") or row["ftime"]
    return Point(
        at=datetime.strptime(moment, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI),
        text=text,
        code=code or name,
        state=state_of(code, name, text),
        area=row.get("areaName") or "",
    )
