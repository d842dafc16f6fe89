"""One view for every list: the page, its fragment, completion, actions and files."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import (
    HttpResponseClientRedirect,
    replace_url,
    reswap,
    retarget,
    trigger_client_event,
)

from gendan.ui.errors import Refused
from gendan.ui.finding import FindingError
from gendan.ui.finding.offering import completed
from gendan.ui.listing import saved
from gendan.ui.listing.batch import Ask, Selection, chosen
from gendan.ui.listing.counting import written
from gendan.ui.listing.declaration import Listing, Onward
from gendan.ui.listing.export import CONTENT_TYPES, FileFormat, export_rows
from gendan.ui.listing.sheet import sheet_of
from gendan.ui.listing.state import State

PAGE = "ui/list.html"
FRAGMENT = "ui/list_fragment.html"
DIALOG = "ui/list_dialog.html"
SHORTCUTS = (
    ("X", gettext_lazy("Select up to this row")),
    ("a", gettext_lazy("Select the whole page")),
    ("]", gettext_lazy("Next page")),
    ("[", gettext_lazy("Previous page")),
    ("n", gettext_lazy("New")),
    ("Esc", gettext_lazy("Select nothing")),
)


def list_view(
    request: HttpRequest,
    listing: Listing,
    *,
    template: str = PAGE,
    context: Mapping[str, Any] | None = None,
) -> HttpResponseBase:
    """Answer everything that is asked of a list's address.

    :raises PermissionDenied: if the person may not see the list
    """
    _refuse(request, listing.permission)
    if request.method == "POST":
        return _post(request, listing)
    if "complete" in request.GET:
        return _completion(request, listing)
    if "count" in request.GET:
        return _count(request, listing)
    if "export" in request.GET:
        return _file(request, listing)
    sheet = sheet_of(listing, request.user, State.of(request.GET))
    whole = {"page_shortcuts": SHORTCUTS, **(context or {}), "sheet": sheet}
    answer = render(request, FRAGMENT if _fragment_wanted(request) else template, whole)
    answer["Vary"] = "HX-Request"
    return answer


def _post(request: HttpRequest, listing: Listing) -> HttpResponseBase:
    posts: dict[str, Callable[[HttpRequest, Listing], HttpResponseBase]] = {
        "save": _save,
        "forget": _forget,
        "columns": _columns,
    }
    try:
        return posts.get(request.POST.get("do", ""), _act)(request, listing)
    except Refused as refused:
        return _no(request, refused.sentence)
    except FindingError as error:
        return _no(request, error.sentence)


def _act(request: HttpRequest, listing: Listing) -> HttpResponseBase:
    action = listing.action(request.POST.get("action", ""))
    if action is None:
        raise Refused(_("This list cannot do that. Reload the page."))
    _refuse(request, action.permission)
    selection, state = Selection.of(request.POST), State.of(request.GET)
    if selection.everything and not action.on_everything:
        raise Refused(_("Choose the rows one by one for this."))
    ask = Ask(action, request, chosen(listing, request.user, state, selection, timezone.now()))
    if not ask.listen():
        return _dialog(request, ask, selection)
    try:
        told = ask.run()
        return _onward(request, told) if isinstance(told, Onward) else _done(request, listing, told)
    except Refused as refused:
        if not action.asks:
            raise
        ask.complaint = refused.sentence
        return _dialog(request, ask, selection)


def _dialog(request: HttpRequest, ask: Ask, selection: Selection) -> HttpResponse:
    status = 422 if ask.confirmed else 200
    context = {"ask": ask, "selection": selection, "number": ask.number}
    if not ask.number:
        raise Refused(_("Choose rows first; those you chose are no longer here."))
    answer = render(request, DIALOG, context, status=status)
    return reswap(retarget(answer, "#dialog-place"), "innerHTML")


def _onward(request: HttpRequest, to: Onward) -> HttpResponseBase:
    return HttpResponseClientRedirect(to.url) if _is_htmx(request) else redirect(to.url)


def _done(request: HttpRequest, listing: Listing, sentence: str) -> HttpResponseBase:
    """Say what happened, and show the list as it now is."""
    if not _is_htmx(request):
        messages.success(request, sentence)
    answer = _again(request, listing, State.of(request.GET))
    trigger_client_event(answer, "dialog-close", {})
    return trigger_client_event(answer, "toast", {"kind": "success", "text": sentence})


def _again(request: HttpRequest, listing: Listing, state: State) -> HttpResponse:
    """Show the list after something was done to it."""
    here = request.path + state.link(cursor=state.cursor)
    if not _is_htmx(request):
        return HttpResponseRedirect(here)
    answer = render(request, FRAGMENT, {"sheet": sheet_of(listing, request.user, state)})
    return replace_url(reswap(retarget(answer, "#list"), "outerHTML"), here)


def _no(request: HttpRequest, sentence: str) -> HttpResponseBase:
    if not _is_htmx(request):
        messages.error(request, sentence)
        return HttpResponseRedirect(request.get_full_path())
    return JsonResponse({"detail": sentence}, status=409)


def _save(request: HttpRequest, listing: Listing) -> HttpResponseBase:
    posted, state = request.POST, State.of(request.GET)
    name, shared = posted.get("name", ""), posted.get("shared") == "1"
    saved.save_search(listing, request.user, name, state.q, state.columns, shared=shared)
    return _done(request, listing, _("Saved. It stands above the list from now on."))


def _forget(request: HttpRequest, listing: Listing) -> HttpResponseBase:
    saved.forget_search(listing, request.user, request.POST.get("search", ""))
    return _done(request, listing, _("The saved search is gone."))


def _columns(request: HttpRequest, listing: Listing) -> HttpResponseBase:
    saved.choose_columns(listing, request.user, request.POST.getlist("column"))
    return _again(request, listing, replace(State.of(request.GET), columns=()))


def _count(request: HttpRequest, listing: Listing) -> HttpResponse:
    """Answer with the number of a tab that follows the page."""
    number = listing.tab_count(request.GET["count"], request.user, timezone.now())
    return HttpResponse(written(number), content_type="text/plain; charset=utf-8")


def _completion(request: HttpRequest, listing: Listing) -> HttpResponse:
    return completed(request, listing.finder)


def _file(request: HttpRequest, listing: Listing) -> HttpResponseBase:
    if not listing.may_export:
        raise PermissionDenied(_("This list cannot be exported."))
    _refuse(request, listing.may_export)
    ending: FileFormat = "xlsx" if request.GET["export"] == "xlsx" else "csv"
    try:
        content = export_rows(listing, request.user, State.of(request.GET), ending)
    except FindingError:
        return HttpResponseRedirect(State.of(request.GET).link())
    answer = StreamingHttpResponse(content, content_type=CONTENT_TYPES[ending])
    name = f"{listing.title}-{timezone.localtime():%Y%m%d-%H%M}.{ending}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def _refuse(request: HttpRequest, permission: str) -> None:
    if permission and not request.user.may(permission):  # type: ignore[union-attr]  # a Person
        raise PermissionDenied(_("You have no right to do this. Ask your administrator."))


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _fragment_wanted(request: HttpRequest) -> bool:
    asked = _is_htmx(request) and request.headers.get("HX-Target") == "list"
    return asked and request.headers.get("HX-History-Restore-Request") != "true"
