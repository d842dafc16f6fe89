"""Who may open a page, and which rows they see."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.people.permissions import PERMISSIONS

View = Callable[..., HttpResponseBase]
PUBLIC = "public"
SIGNED_IN = "signed-in"


class Worker(Actor, Protocol):
    """Somebody with permissions who sees some shops and warehouses: a person or an API key."""

    shop_ids: list[int] | None
    warehouse_ids: list[int] | None

    @property
    def pk(self) -> int: ...

    def may(self, permission: str) -> bool: ...


def allowed(permission: str) -> Callable[[View], View]:
    """Let only those open a page who have the permission; the others are told which is missing."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.may(permission):
                raise PermissionDenied(refusal(permission))
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by who lists the pages
        return guarded

    return decorate


def signed_in(view: View) -> View:
    """Let everybody open a page who is signed in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    guarded.permission = SIGNED_IN  # type: ignore[attr-defined]  # read by who lists the pages
    return guarded


def public(view: View) -> View:
    """Say that a page is meant for everybody, strangers too."""
    view.permission = PUBLIC  # type: ignore[attr-defined]  # read by who lists the pages
    return view


def refusal(permission: str) -> str:
    """Return the sentence for a colleague without the right."""
    return _("You may not %(act)s. Ask a supervisor or the administrator.") % {
        "act": PERMISSIONS[permission]
    }


def at_shops(worker: Worker, field: str = "shop", *, or_none: bool = False) -> Q:
    """Return the condition for rows of the shops that the worker sees (or of none at all)."""
    return _among(worker.shop_ids, field, or_none)


def at_warehouses(worker: Worker, field: str = "warehouse", *, or_none: bool = False) -> Q:
    """Return the condition for rows of the warehouses that the worker sees (or of none at all)."""
    return _among(worker.warehouse_ids, field, or_none)


def _among(ids: list[int] | None, field: str, or_none: bool) -> Q:
    if ids is None:
        return Q()
    seen = Q(**{f"{field}__in": ids})
    return seen | Q(**{f"{field}__isnull": True}) if or_none else seen
