"""Pushes what happens to a subscribed parcel to its callback address, again if nobody says yes."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta

import httpx
import orjson

from gendan.channels.simulator.parcels import Json, Parcel, abort, message

TRIES = 4
AGAIN_AFTER = timedelta(minutes=35)
GIVES_UP_AFTER_HOURS = 72


async def follow(parcel: Parcel) -> None:
    """Wait for each event of the parcel's journey and push the trace up to it."""
    if parcel.given_up:
        await _sleep_until(parcel.at(GIVES_UP_AFTER_HOURS))
        await push(parcel, abort(parcel))
        return
    now = datetime.now(UTC)
    moments = sorted({at for at, _event in parcel.lines()})
    past = [at for at in moments if at <= now]
    for at in past[-1:] + moments[len(past) :]:
        await _sleep_until(at)
        # A sleep may end a hair too early.
        await push(parcel, message(parcel, max(at, datetime.now(UTC))))


async def push(parcel: Parcel, body: Json) -> bool:
    """Send one message, up to four times; whether it was accepted."""
    for left in reversed(range(TRIES)):
        if await push_once(parcel, body):
            return True
        if left:
            await asyncio.sleep(AGAIN_AFTER.total_seconds() / parcel.speed)
    return False


async def push_once(parcel: Parcel, body: Json) -> bool:
    """Send one message once; whether the answer was the contract's yes."""
    param = orjson.dumps(body).decode()
    try:
        async with httpx.AsyncClient(timeout=10) as http:
            answer = await http.post(
                parcel.callback_url, data={"param": param, "sign": _sign(param, parcel.salt)}
            )
        said = answer.json()
    except (httpx.HTTPError, ValueError):
        return False
    return isinstance(said, dict) and str(said.get("returnCode")) == "200"


def _sign(param: str, salt: str) -> str:
    # Written out again on purpose: a simulator that used our own signing could not catch its fault.
    return hashlib.md5((param + salt).encode(), usedforsecurity=False).hexdigest().upper()


async def _sleep_until(at: datetime) -> None:
    await asyncio.sleep(max(0.0, (at - datetime.now(UTC)).total_seconds()))
