"""The receiver as platforms write one: in one cell, in parts, masked or as ciphertext."""

import re

from gendan.channels.formats.records import OrderRecord

CIPHERS = ("##", "$$", "~~")
"""How a value begins that only the platform can read."""

_IN_ONE_CELL = re.compile(
    r"(?P<name>[^,，]{1,60})[,，]\s*"
    r"(?P<phone>(?:\+?86\s*-?\s*)?[0-9*]{7,13}(?:-[0-9*]{1,6})?|[0-9*]{3,4}-[0-9*]{7,8}(?:-[0-9]{1,6})?)"
    r"[,，]\s*(?P<address>.+)",
    re.DOTALL,
)
_COUNTRY = re.compile(r"\+?86\s*-\s*(?=[0-9*])")
_POSTCODE = re.compile(r"[(（](?P<postcode>[0-9]{6})[)）]\s*\Z")


def settle(order: OrderRecord) -> None:
    """Take the receiver apart, mark what the platform hides and leave out what it encrypts."""
    if not order.receiver_name and not order.receiver_phone:
        _take_apart(order)
    _mark_hidden(order)
    order.receiver_phone = _COUNTRY.sub("", order.receiver_phone)
    _take_postcode(order)


def _take_apart(order: OrderRecord) -> None:
    found = _IN_ONE_CELL.fullmatch(order.receiver_address)
    if found:
        order.receiver_name = found["name"].strip()
        order.receiver_phone = found["phone"]
        order.receiver_address = found["address"].strip()


def _mark_hidden(order: OrderRecord) -> None:
    for name in ("receiver_name", "receiver_phone", "receiver_address"):
        value: str = getattr(order, name)
        if value.startswith(CIPHERS):
            setattr(order, name, "")
            order.receiver_hidden = True
        elif "**" in value:
            order.receiver_hidden = True


def _take_postcode(order: OrderRecord) -> None:
    """Taobao writes the postcode in brackets at the end of the address; 000000 is none."""
    found = _POSTCODE.search(order.receiver_address)
    if found:
        order.postcode = "" if found["postcode"] == "000000" else found["postcode"]
        order.receiver_address = order.receiver_address[: found.start()].strip()
