"""Pages about signing in, colleagues, places and keys."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.forms import Form, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gendan.journal.queries import timeline
from gendan.people import actions, imports, lists, queries
from gendan.people.access import allowed, public, signed_in
from gendan.people.forms import (
    KeyForm,
    MerchantForm,
    NewPersonForm,
    PasswordForm,
    PersonForm,
    ShopForm,
    SignInForm,
    WarehouseForm,
)
from gendan.people.models import ApiKey, Merchant, Person, Shop, Warehouse
from gendan.ui.errors import Refused
from gendan.ui.importing import import_view
from gendan.ui.limits import limited
from gendan.ui.listing import list_view
from gendan.ui.returning import way_back


@limited("sign-in", 20, per=60)
@public
def sign_in(request: HttpRequest) -> HttpResponseBase:
    form = SignInForm(request.POST or None)
    goal = way_back(request, "/")
    if request.user.is_authenticated:
        return redirect(goal)
    if request.method == "POST" and form.is_valid():
        person = authenticate(request, **form.cleaned_data)
        if person is not None:
            login(request, person)
            return redirect(goal)
        form.add_error(
            None,
            _(
                "Name and password don't fit, or the account is locked after five failures. "
                "Wait a quarter of an hour, or ask the administrator."
            ),
        )
    context = {"form": form, "next": goal, "demo_accounts": settings.DEMO_ACCOUNTS()}
    return render(request, "people/sign_in.html", context, status=422 if form.errors else 200)


@require_POST
@public
def sign_out(request: HttpRequest) -> HttpResponseBase:
    logout(request)
    return redirect("sign-in")


@signed_in
def me(request: HttpRequest) -> HttpResponse:
    person = _me(request)
    context = {"acts": timeline({"people_person": [person.pk]}), "roles": lists.role_names(person)}
    return render(request, "people/me.html", context)


@signed_in
def change_password(request: HttpRequest) -> HttpResponseBase:
    person, form = _me(request), PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not person.check_password(form.cleaned_data["old"]):
            form.add_error("old", _("This is not your present password."))
        else:
            try:
                actions.change_password(person, form.cleaned_data["new"], by=person)
            except ValidationError as wrong:
                form.add_error("new", wrong)
            else:
                update_session_auth_hash(request, person)
                messages.success(request, _("The password is changed."))
                return redirect("home")
    context = {"form": form, "expired": person.password_expired}
    return render(
        request, "people/change_password.html", context, status=422 if form.errors else 200
    )


@allowed("people.manage")
def people(request: HttpRequest) -> HttpResponseBase:
    return list_view(request, lists.PEOPLE)


@allowed("people.manage")
def new_person(request: HttpRequest) -> HttpResponseBase:
    form = NewPersonForm(request.POST or None, initial={"is_active": True, "discount_limit": 5})
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.add_person(by=_me(request), **form.cleaned_data)
        except ValidationError as wrong:
            form.add_error("password", wrong)
        else:
            messages.success(request, _("%(name)s can sign in now.") % {"name": person.name})
            return redirect("people")
    return _form_page(request, form, _("Add a colleague"), "people")


@allowed("people.manage")
def person(request: HttpRequest, username: str) -> HttpResponseBase:
    someone = get_object_or_404(queries.colleagues(), username=username)
    form = PersonForm(request.POST or None, initial=PersonForm.values_of(someone))
    if request.method == "POST" and form.is_valid():
        chosen = queries.colleagues().filter(pk=someone.pk)
        try:
            actions.change_person(
                chosen, by=_me(request), why=request.POST.get("why", ""), **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("person", username)
    context = {
        "form": form,
        "someone": someone,
        "acts": timeline({"people_person": [someone.pk]}),
        "locked": bool(someone.locked_until and someone.locked_until > timezone.now()),
    }
    return render(request, "people/person.html", context, status=422 if form.errors else 200)


@require_POST
@allowed("people.manage")
def unlock(request: HttpRequest, username: str) -> HttpResponseBase:
    someone = get_object_or_404(queries.colleagues(), username=username)
    actions.unlock(queries.colleagues().filter(pk=someone.pk), by=_me(request))
    messages.success(request, _("%(name)s can sign in again.") % {"name": someone.name})
    return redirect("person", username)


@require_POST
@allowed("people.manage")
def reset_password(request: HttpRequest, username: str) -> HttpResponseBase:
    someone = get_object_or_404(queries.colleagues(), username=username)
    try:
        actions.change_password(
            someone, request.POST.get("password", ""), by=_me(request), must_change=True
        )
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    else:
        messages.success(request, _("The password is set. It must be changed at the next sign-in."))
    return redirect("person", username)


@allowed("people.manage")
def shops(request: HttpRequest) -> HttpResponseBase:
    return list_view(request, lists.SHOPS)


@allowed("people.manage")
def import_shops(request: HttpRequest) -> HttpResponseBase:
    return import_view(request, imports.SHOPS)


@allowed("people.manage")
def shop(request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
    row = get_object_or_404(Shop, pk=pk) if pk else None
    form = ShopForm(request.POST or None, instance=row)
    return _save(request, form, actions.save_shop, _("Shop"), "shops", "people_shop")


@allowed("people.manage")
def warehouses(request: HttpRequest) -> HttpResponseBase:
    return list_view(request, lists.WAREHOUSES)


@allowed("people.manage")
def import_warehouses(request: HttpRequest) -> HttpResponseBase:
    return import_view(request, imports.WAREHOUSES)


@allowed("people.manage")
def warehouse(request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
    row = get_object_or_404(Warehouse, pk=pk) if pk else None
    form = WarehouseForm(request.POST or None, instance=row)
    return _save(
        request, form, actions.save_warehouse, _("Warehouse"), "warehouses", "people_warehouse"
    )


@allowed("people.manage")
def merchant(request: HttpRequest) -> HttpResponseBase:
    form = MerchantForm(request.POST or None, instance=Merchant.objects.first() or Merchant())
    return _save(request, form, actions.save_merchant, _("Merchant"), "merchant", "people_merchant")


@allowed("people.manage")
def api_keys(request: HttpRequest) -> HttpResponseBase:
    return list_view(request, lists.KEYS)


@allowed("people.manage")
def new_key(request: HttpRequest) -> HttpResponseBase:
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key, secret = actions.make_key(by=_me(request), **form.cleaned_data)
        return render(request, "people/key.html", {"key": key, "secret": secret})
    return _form_page(request, form, _("Make a key"), "api-keys")


@allowed("people.manage")
def api_key(request: HttpRequest, pk: int) -> HttpResponseBase:
    key = get_object_or_404(ApiKey, pk=pk)
    if request.method == "POST":
        why = request.POST.get("why", "")
        actions.revoke_key(key, by=_me(request), now=timezone.now(), why=why)
        messages.success(request, _("The key is revoked."))
        return redirect("api-key", pk)
    acts = timeline({"people_apikey": [key.pk]})
    return render(request, "people/key.html", {"key": key, "acts": acts})


def _save(
    request: HttpRequest,
    form: "ModelForm[Any]",
    save: Any,
    title: str,
    back: str,
    table: str,
) -> HttpResponseBase:
    """Show the form of one row, or save it and go back to the list."""
    if request.method == "POST" and form.is_valid():
        save(form.save(commit=False), by=_me(request), why=request.POST.get("why", ""))
        messages.success(request, _("Saved."))
        return redirect(back)
    row = form.instance
    acts = timeline({table: [row.pk]}) if row.pk else None
    return _form_page(request, form, str(row) if row.pk else title, back, acts=acts)


def _form_page(
    request: HttpRequest, form: "Form | ModelForm[Any]", title: str, back: str, **more: Any
) -> HttpResponse:
    return render(
        request,
        "people/form.html",
        {"form": form, "title": title, "back": back, **more},
        status=422 if form.errors else 200,
    )


def _me(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
