"""The checklist and the rules for checking: the lists, one of each."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.journal.queries import timeline
from gendan.orders.actions.checklist import save_check_item, save_check_rule
from gendan.orders.checklist_lists import ITEMS, RULES
from gendan.orders.checklists import install_checklist
from gendan.orders.forms.checklist import CheckItemForm, CheckRuleForm
from gendan.orders.models import CheckItem, CheckRule
from gendan.orders.telling import VALUES
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view


@allowed("desk.see")
def items(request: StaffRequest) -> HttpResponseBase:
    install_checklist(by=request.user)
    return list_view(request, ITEMS)


@allowed("desk.see")
def rules(request: StaffRequest) -> HttpResponseBase:
    install_checklist(by=request.user)
    return list_view(request, RULES)


@allowed("desk.scripts")
def item(request: StaffRequest, code: str = "") -> HttpResponse:
    """Show an item of the checklist or a new one; save it."""
    found = get_object_or_404(CheckItem, code=code) if code else CheckItem()
    form = CheckItemForm(_posted(request), instance=found)
    return _edit(request, form, found, save_check_item, ("check-items", "check-item"))


@allowed("desk.scripts")
def rule(request: StaffRequest, code: str = "") -> HttpResponse:
    """Show a rule or a new one; save it."""
    found = get_object_or_404(CheckRule, code=code) if code else CheckRule()
    form = CheckRuleForm(_posted(request), instance=found)
    return _edit(request, form, found, save_check_rule, ("check-rules", "check-rule"))


def _posted(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _edit(
    request: StaffRequest,
    form: Any,
    found: Any,
    save: Callable[..., Any],
    pages: tuple[str, str],
) -> HttpResponse:
    complaint = ""
    if request.method == "POST" and form.is_valid():
        kept = form.save(commit=False)
        kept.code = kept.code or f"OWN_{timezone.now():%y%m%d%H%M%S%f}"
        try:
            save(kept, by=request.user)
            messages.success(request, _("Saved."))
            return redirect(pages[1], kept.code)
        except Refused as refused:
            complaint = refused.sentence
    shown = {
        "kept": found,
        "form": form,
        "complaint": complaint,
        "list_url": pages[0],
        "names": [value.chinese for value in VALUES] if pages[0] == "check-items" else [],
        "acts": timeline({found._meta.db_table: [found.pk]}) if found.pk else [],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "orders/checking/edit.html", shown, status=status)
