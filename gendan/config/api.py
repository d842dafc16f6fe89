"""The API: every room's calls under one roof, its documents, and its problem documents."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from gendan.catalog.api import router as goods
from gendan.channels.api import router as imports
from gendan.channels.publishing.api import router as publishing
from gendan.channels.reconciling.api import router as reconciling
from gendan.customers.api import router as customers
from gendan.delivery.api import router as delivery
from gendan.delivery.promise_api import lane, promises
from gendan.desk.api import router as messages
from gendan.insight.api import router as figures
from gendan.insight.mistakes_api import router as mistakes
from gendan.insight.surge_api import router as big_days
from gendan.orders.amend_api import router as amendments
from gendan.orders.api import router as orders
from gendan.orders.chase_api import router as chasing
from gendan.orders.confirming_api import router as confirmations
from gendan.orders.gift_api import router as gifts
from gendan.orders.sample_api import router as samples
from gendan.people.access import public
from gendan.people.api import KeyAuth
from gendan.screening.api import router as screening
from gendan.stock.api import router as stock
from gendan.stock.short_api import router as short_goods
from gendan.ui.api import install, problem
from gendan.warehouse.api import router as shipments
from gendan.warehouse.regrouping_api import router as regroupings
from gendan.warehouse.sourcing_api import router as sourcing
from gendan.worklist.api import router as worklist

ABOUT = """
The acts of Gendan's pages, for programs. Send `Authorization: Bearer gd_…`; a key is made on the
page *API keys* with its scopes, shops and warehouses. Whatever it does stands in the journal under
its name.

**Money** is a whole number of fen, weights are grams, instants are ISO 8601 with their zone.
**Sets**: an act takes many at once, all or none. **Lists** take `q` in the finding language, and
`cursor` with the `next` of the page before. **Errors** are problem documents (RFC 9457): 400 a
search that cannot be read, 401 the key, 403 its scopes, 404 not there or not for this key, 409
refused (`detail` says why and what to do; nothing was changed), 411 and 413 a body of unknown
length or too large, 422 fields (`errors` with JSON pointers), 429 too often.
"""


class OwnDocs(DocsBase):
    """The document drawn from files of our own: no script inside the page, nothing from outside."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        context = {"document": reverse(f"{api.urls_namespace}:openapi-json"), "api": api}
        return render(request, "config/api_docs.html", context)


api = NinjaAPI(
    title="Gendan",
    version=version("gendan"),
    description=ABOUT,
    docs=OwnDocs(),
    auth=KeyAuth(),
    urls_namespace="api",
)
install(api)
api.add_router("/orders", orders)
api.add_router("/amendments", amendments)
api.add_router("/chasing", chasing)
api.add_router("/gift-rules", gifts)
api.add_router("/confirmations", confirmations)
api.add_router("/samples", samples)
api.add_router("/messages", messages)
api.add_router("/screening", screening)
api.add_router("/shipments", shipments)
api.add_router("/regroupings", regroupings)
api.add_router("/sourcing", sourcing)
api.add_router("/parcels", delivery)
api.add_router("/promises", promises)
api.add_router("/urgent", lane)
api.add_router("/stock", stock)
api.add_router("/short-goods", short_goods)
api.add_router("/skus", goods)
api.add_router("/customers", customers)
api.add_router("/imports", imports)
api.add_router("/publishing", publishing)
api.add_router("/reconciling", reconciling)
api.add_router("/worklist", worklist)
api.add_router("/figures", figures)
api.add_router("/mistakes", mistakes)
api.add_router("/big-days", big_days)

View = Callable[..., HttpResponse]


def _answering(view: View) -> View:
    """Let a wrong method be answered as a problem too. Keys are checked by the call itself."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return answer
        allow = answer.headers.get("Allow", "")
        detail = _("This address takes %(methods)s.") % {"methods": allow}
        refusal = problem(request, HTTPStatus.METHOD_NOT_ALLOWED, detail)
        refusal["Allow"] = allow
        return refusal

    return public(answered)  # type: ignore[return-value]


@csrf_exempt
@public
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """Say that the API has no such address."""
    return problem(request, 404, _("The API has no such address. See /api/docs."))


def _patterns() -> list[URLPattern]:
    patterns = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern)]
    for pattern in patterns:
        pattern.callback = _answering(cast(View, pattern.callback))
    return [*patterns, path("<path:rest>", nothing_here, name="nothing-here")]


urls = (_patterns(), "ninja", "api")
