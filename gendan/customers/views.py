"""The pages of customers: the list, one customer, their addresses."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from gendan.customers import actions, imports, queries
from gendan.customers.addresses import read_paste
from gendan.customers.forms import AddressForm, CustomerForm, NewCustomerForm
from gendan.customers.lists import CUSTOMERS
from gendan.customers.models import Address, Customer
from gendan.journal.queries import timeline
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.importing import import_view
from gendan.ui.listing import list_view

LAST_ORDERS = 10


@allowed("customers.see")
def customers(request: HttpRequest) -> HttpResponseBase:
    return list_view(request, CUSTOMERS)


@allowed("customers.manage")
def import_customers(request: HttpRequest) -> HttpResponseBase:
    return import_view(request, imports.CUSTOMERS)


@allowed("customers.manage")
def new_customer(request: StaffRequest) -> HttpResponseBase:
    """Find the customer of a phone, or make one."""
    form = NewCustomerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        met = actions.Acquaintance(said["name"], said["phone"], said["mail"])
        found = actions.find_or_make([met], by=request.user)[0]
        if found is None:
            form.add_error("phone", _("Write a phone number that can be dialled."))
        else:
            return _saved(request, found, said, form)
    return _form_page(request, form)


@allowed("customers.see")
def customer(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Show a customer; with the right to change customers, save what the form says."""
    found = _visible(request, pk)
    until = queries.unmasked_until(found, request.user, now=timezone.now())
    form = CustomerForm(request.POST or None, initial=_values(found), masked=not until)
    if request.method == "POST" and request.user.may("customers.manage") and form.is_valid():
        return _saved(request, pk, form.cleaned_data, form)
    return _page(request, found, form)


@require_POST
@allowed("customers.unmask")
def unmask(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Show phone, mail and addresses in full for some minutes."""
    found = _only(_visible(request, pk))
    why = request.POST.get("why", "").strip()
    actions.unmask(found, by=request.user, now=timezone.now(), why=why)
    messages.success(request, _("Shown for ten minutes; the journal keeps it."))
    return redirect("customer", pk)


@require_POST
@allowed("customers.manage")
def blacklist(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Blacklist a customer, or take them off the blacklist."""
    found = _visible(request, pk)
    why = request.POST.get("why", "").strip()
    try:
        if found.blacklisted_at:
            actions.forgive(_only(found), by=request.user, why=why)
            messages.success(request, _("Taken off the blacklist."))
        else:
            actions.blacklist(_only(found), by=request.user, now=timezone.now(), why=why)
            messages.success(request, _("Blacklisted. New orders will be held."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("customer", pk)


@allowed("customers.manage")
def address(request: StaffRequest, pk: int, address: int | None = None) -> HttpResponseBase:
    """Write an address: in a dialog, with everything to choose from."""
    found = _visible(request, pk)
    kept = get_object_or_404(Address, pk=address, customer=found) if address else None
    if kept and not queries.unmasked_until(found, request.user, now=timezone.now()):
        return redirect("customer", pk)
    form = AddressForm(request.POST or None, initial=_place(kept or Address(customer=found)))
    if request.method == "POST" and form.is_valid():
        written = form.filled(kept or Address(customer=found))
        actions.save_addresses([written], by=request.user)
        messages.success(request, _("Saved."))
        return HttpResponseClientRedirect(f"/customers/{pk}/")
    return _address_form(request, found, kept, form)


@require_POST
@allowed("customers.manage")
def forget_address(request: StaffRequest, pk: int, address: int) -> HttpResponseBase:
    """Forget an address."""
    chosen = Address.objects.filter(customer=_visible(request, pk), pk=address)
    actions.forget_addresses(chosen, by=request.user)
    messages.success(request, _("The address is gone. Orders keep theirs."))
    return redirect("customer", pk)


@require_POST
@allowed("customers.manage")
def address_fields(request: StaffRequest) -> HttpResponse:
    """Fill the form of an address from pasted text, or offer the next level of divisions."""
    said = request.POST.dict()
    if pasted := str(said.get("paste", "")).strip():
        said |= _read(pasted)
    elif "chosen" in request.POST:
        said["division"] = _deepest(request.POST.getlist("chosen"))
    return render(request, "customers/_address_fields.html", {"form": AddressForm(initial=said)})


def _deepest(chosen: list[str]) -> str:
    """The last code that still lies below the one before it."""
    code = ""
    for choice in chosen:
        if not choice or not choice.startswith(code):
            break
        code = choice
    return code


def _read(text: str) -> dict[str, Any]:
    """What a pasted text says, as the fields of the form; what it does not say is left alone."""
    read = read_paste(text)
    place = read.address
    told = {
        "receiver_name": read.name,
        "receiver_phone": str(read.phone),
        "division": place.code[:6],
        "street": place.street,
        "address": place.detail,
        "zip": place.zip,
    }
    return {name: value for name, value in told.items() if value}


def _address_form(
    request: StaffRequest, customer: Customer, kept: Address | None, form: AddressForm
) -> HttpResponse:
    context = {"customer": customer, "kept": kept, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "customers/_address_dialog.html", context, status=status)


def _place(kept: Address) -> dict[str, Any]:
    names = ("receiver_name", "receiver_phone", "division", "street", "address", "zip")
    said: dict[str, Any] = {name: getattr(kept, name) for name in names}
    return {**said, "division": said["division"][:6], "is_default": kept.is_default}


def _saved(
    request: StaffRequest, pk: int, said: dict[str, Any], form: CustomerForm
) -> HttpResponseBase:
    try:
        actions.save_customers({pk: said}, by=request.user, why=request.POST.get("why", ""))
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _form_page(request, form)
    messages.success(request, _("Saved."))
    return redirect("customer", pk)


def _form_page(request: StaffRequest, form: CustomerForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "customers/form.html", {"form": form}, status=status)


def _page(request: StaffRequest, found: Customer, form: CustomerForm) -> HttpResponse:
    addresses = found.addresses.order_by("-is_default", "-used_at", "-pk")
    context = {
        "customer": queries.with_orders(Customer.objects.filter(pk=found.pk)).get(),
        "form": form,
        "may": request.user.may("customers.manage"),
        "may_unmask": request.user.may("customers.unmask"),
        "orders_query": f'customer = "{found.name}"',
        "until": queries.unmasked_until(found, request.user, now=timezone.now()),
        "identities": found.identities.order_by("kind", "scope", "value"),
        "addresses": addresses,
        "orders": queries.last_orders(found, request.user, LAST_ORDERS),
        "acts": timeline(
            {
                "customers_customer": [found.pk],
                "customers_address": [address.pk for address in addresses],
                "customers_customerunmasking": found.unmaskings.values_list("pk", flat=True),
            }
        ),
    }
    return render(request, "customers/customer.html", context, status=422 if form.errors else 200)


def _visible(request: StaffRequest, pk: int) -> Customer:
    return get_object_or_404(queries.customers_of(request.user), pk=pk)


def _only(found: Customer) -> Any:
    return Customer.objects.filter(pk=found.pk)


def _values(found: Customer) -> dict[str, Any]:
    names = ("name", "phone", "mail", "company", "level", "remark")
    return {**{name: getattr(found, name) for name in names}, "tags": "，".join(found.tags)}
