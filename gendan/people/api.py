"""API keys: who asks, and what they may."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer

from gendan.people.access import at_warehouses, refusal
from gendan.people.models import ApiKey, Shop, Warehouse
from gendan.people.models.keys import key_hash
from gendan.people.permissions import PERMISSIONS
from gendan.ui.api import Problem
from gendan.ui.limits import client_ip, hit
from gendan.ui.statements import Lookup

WRONG_KEYS, MINUTE = 60, 60
KEPT_KEYS = 1_000
KEYS = Lookup(
    ApiKey,
    "hash = %s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())",
    *("id", "name", "hash", "scopes", "shop_ids", "warehouse_ids"),
)
SHOPS = Lookup(Shop, "code = %s")
Call = TypeVar("Call", bound=Callable[..., Any])


class KeyAuth(HttpBearer):
    """`Authorization: Bearer gd_…`: one query for a good key; wrong ones are counted."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        for key in KEYS(key_hash(token)):
            return key
        if hit("api-key", client_ip(request), limit=WRONG_KEYS, per=MINUTE):
            raise Problem(429, _("Too many wrong keys. Wait a minute."))
        return None


class KnownKeyAuth(KeyAuth):
    """For a call that asks for the key together with all else: one that was good is let in unasked.

    Such a call does nothing before `confirmed`. All that a revoked key may still be told is that
    its fields cannot be read.
    """

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, ApiKey] = {}

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        """Let in whoever is known, and ask for others."""
        hashed = key_hash(token)
        key = self.known.get(hashed) or super().authenticate(request, token)
        if key and len(self.known) < KEPT_KEYS:
            self.known[hashed] = key
        return key

    def confirmed(self, request: HttpRequest, found: Sequence[ApiKey], scope: str) -> ApiKey:
        """Return the key that asks, as it was found (`KEYS`).

        :raises AuthenticationError: if it is good no longer
        :raises PermissionDenied: if it lacks the scope
        """
        known = key_of(request)
        if not found:
            self.known.pop(known.hash, None)
            raise AuthenticationError
        if not found[0].may(scope):
            raise PermissionDenied(refusal(scope))
        return found[0]


def needs(scope: str) -> Callable[[Call], Call]:
    """Let only keys with the scope make a call; the others are told which is missing."""
    assert scope in PERMISSIONS, scope

    def decorate(call: Call) -> Call:
        @wraps(call)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not key_of(request).may(scope):
                raise PermissionDenied(refusal(scope))
            return call(request, *args, **kwargs)

        return cast(Call, guarded)

    return decorate


def key_of(request: HttpRequest) -> ApiKey:
    """Return the key that asks."""
    key = request.auth  # type: ignore[attr-defined]  # ninja puts it there
    assert isinstance(key, ApiKey)
    return key


def shop_of(request: HttpRequest, code: str) -> Shop:
    """Return the shop of that code.

    :raises Http404: if there is none that the key may see
    """
    return seen_by(key_of(request), SHOPS(code))


def seen_by(key: ApiKey, shops: Iterable[Shop]) -> Shop:
    """Return the first of the shops that the key sees.

    :raises Http404: if it sees none of them
    """
    for shop in shops:
        if key.shop_ids is None or shop.pk in key.shop_ids:
            return shop
    raise Http404


def warehouse_of(request: HttpRequest, code: str) -> Warehouse:
    """Return the warehouse of that code.

    :raises Http404: if there is none that the key may see
    """
    return get_object_or_404(Warehouse, at_warehouses(key_of(request), "pk"), code=code)


def all_of(rows: Any, field: str, wanted: list[Any]) -> Any:
    """Return the rows of which each is named; all of them have to be seen.

    :raises Http404: if any of them is not there, or not for this key
    """
    names = set(wanted)
    found = rows.filter(**{f"{field}__in": names})
    if found.count() != len(names):
        raise Http404
    return found
