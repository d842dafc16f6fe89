"""What every platform with an API lets us do with stock, whatever it calls that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self

from django.conf import settings

from gendan.channels.publishing.taobao import Taobao
from gendan.people.models import Shop


class Contract(Protocol):
    """A connection to one shop's platform; use as a context manager, one for a whole batch.

    Every call raises `Refusal`. Quantities are absolute, so that saying one twice does no harm.
    """

    most: int
    """How many listings of one item go into a call."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *failure: object) -> None: ...

    def set_quantities(self, item: str, quantities: Mapping[str, int]) -> None:
        """Let an item show these quantities, by the merchant's codes."""

    def put_on_sale(self, item: str, number: int) -> None:
        """List an item again, with so many pieces in all."""

    def take_off_sale(self, item: str) -> None:
        """Delist an item."""


@dataclass(frozen=True)
class Account:
    """A shop's account at its platform, and how many calls a second it may make."""

    url: str
    app_key: str
    secret: str = field(repr=False)
    session: str = field(repr=False)
    rate: float = 2.0
    burst: int = 40


def account_of(shop: Shop) -> Account | None:
    """Return the shop's account; none where its stock goes by files."""
    told = settings.SHOP_ACCOUNTS.get(shop.code)
    return Account(**told) if told else None


def contract_of(account: Account) -> Contract:
    """Return a connection for an account. One contract is spoken so far."""
    return Taobao(account.url, account.app_key, account.secret, account.session)
