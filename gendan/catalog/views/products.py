"""Products: the list, one with its SKUs as a matrix, and a new one from a grid."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gendan.catalog import queries
from gendan.catalog.actions import save_goods, save_products, save_skus
from gendan.catalog.forms import GridForm, ProductForm
from gendan.catalog.lists import PRODUCTS
from gendan.catalog.models import Product
from gendan.catalog.words import grid_code, specification_of
from gendan.journal.queries import timeline
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view


@allowed("catalog.see")
def products(request: HttpRequest) -> HttpResponseBase:
    return list_view(request, PRODUCTS)


@allowed("catalog.see")
def product(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Show a product; with the right to change goods, save what the form says."""
    found = get_object_or_404(Product, pk=pk)
    may = request.user.may("catalog.manage")
    form = ProductForm(request.POST or None, instance=found)
    form.fields["style"].disabled = True
    if request.method == "POST" and may and form.is_valid():
        save_products([form.cleaned_data], by=request.user, why=request.POST.get("why", ""))
        messages.success(request, _("Saved."))
        return redirect("product", pk)
    skus = list(queries.skus().filter(product=found).order_by("code"))
    context = {
        "product": Product.objects.get(pk=pk),
        "form": form,
        "may": may,
        "skus": skus,
        "matrix": queries.matrix_of(skus),
        "acts": timeline({"catalog_product": [pk]}),
    }
    return render(request, "catalog/product.html", context, status=422 if form.errors else 200)


@allowed("catalog.manage")
def new_product(request: StaffRequest) -> HttpResponseBase:
    """Make a product with a SKU for every combination of its options."""
    form = ProductForm(request.POST or None)
    options = GridForm(request.POST or None, initial=_usual())
    if request.method == "POST" and form.is_valid() and options.is_valid():
        goods = form.cleaned_data
        rows = _skus_of(goods["style"], options)
        if clashing := _taken(rows):
            form.add_error("style", clashing)
        else:
            return _make(request, goods, rows)
    wrong = request.method == "POST"
    context = {"form": form, "grid": options}
    return render(request, "catalog/product_new.html", context, status=422 if wrong else 200)


@allowed("catalog.manage")
def add_skus(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Add SKUs to a product that is there: more colours, more sizes."""
    found = get_object_or_404(Product, pk=pk)
    options = GridForm(request.POST or None, initial=_usual(found))
    if request.method == "POST" and options.is_valid():
        have = {tuple(sorted(sku.options.items())) for sku in found.skus.all()}
        rows = [
            {**row, "product_id": pk, "title": found.title}
            for row in _skus_of(found.style, options, begin=len(have))
            if tuple(sorted(row["options"].items())) not in have
        ]
        if clashing := _taken(rows):
            options.add_error(None, clashing)
        else:
            for row in rows:
                row.pop("style")
            save_skus(rows, by=request.user)
            messages.success(request, _made(len(rows)))
            return redirect("product", pk)
    context = {"grid": options, "product": found}
    wrong = request.method == "POST"
    return render(request, "catalog/product_new.html", context, status=422 if wrong else 200)


def _make(
    request: StaffRequest, goods: dict[str, Any], rows: list[dict[str, Any]]
) -> HttpResponseBase:
    try:
        saved, made = save_goods([goods], rows, by=request.user)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("product-new")
    messages.success(request, _made(len(made.new)))
    return redirect("product", saved.all[0].pk)


def _made(number: int) -> str:
    return ngettext("%(n)d SKU made.", "%(n)d SKUs made.", number) % {"n": number}


def _taken(rows: list[dict[str, Any]]) -> str:
    """Say which code is another SKU's already."""
    codes = [row["code"] for row in rows]
    there = queries.skus().filter(code__any=codes).values_list("code", flat=True).first()
    if not there:
        return ""
    return _("The SKU %(code)s is there already. Choose another style number.") % {"code": there}


def _skus_of(style: str, form: GridForm, *, begin: int = 0) -> list[dict[str, Any]]:
    said = form.cleaned_data
    return [
        {
            "style": style,
            "code": grid_code(style, number, options),
            "options": options,
            "specification": specification_of(options),
            "price_fen": said["price_fen"],
            "floor_fen": said["floor_fen"] or 0,
            "weight_g": said["weight_g"] or 0,
            "safety_stock": said["safety_stock"],
        }
        for number, options in enumerate(form.options(said), begin + 1)
    ]


def _usual(product: Product | None = None) -> dict[str, Any]:
    """What the grid proposes: the options and the price that the product has."""
    first = product.skus.order_by("pk").first() if product else None
    names = [*(first.options if first else {_("Colour"): "", _("Size"): ""}), "", ""]
    return {
        "first_name": names[0],
        "second_name": names[1],
        "safety_stock": first.safety_stock if first else 3,
        "price_fen": first.price_fen if first else None,
        "floor_fen": first.floor_fen if first else None,
        "weight_g": first.weight_g if first else None,
    }
