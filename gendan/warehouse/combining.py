"""What can be said of combining: the list of what could go together, and the form of the rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gendan.journal.actors import Actor
from gendan.orders.models import Order
from gendan.ui.fields import YuanField
from gendan.ui.finding import Field, Finder
from gendan.ui.forms import ModelForm
from gendan.ui.listing import BatchAction, Column, Empty, Link, Listing, Tab
from gendan.warehouse.actions.combine import SUBJECT, combine_orders
from gendan.warehouse.models import CombineRules
from gendan.worklist.actions import finish
from gendan.worklist.models import Item, ItemQuerySet, Kind


def page_of_item(item: Item) -> str:
    """Return the address where a person decides about what could go together."""
    return page_of_orders(orders_of(item))


def page_of_orders(numbers: Sequence[str]) -> str:
    """Return the address where a person decides whether orders go together."""
    query = QueryDict(mutable=True)
    query.setlist("order", list(numbers))
    return f"{reverse('combine')}?{query.urlencode()}"


def orders_of(item: Item) -> list[str]:
    """Return the numbers of the orders that could go together."""
    return str(item.facts.get("orders", "")).split(", ")


def combine_chosen(items: ItemQuerySet, *, by: Actor, why: str, data: Mapping[str, Any]) -> str:
    """Combine what each of the chosen suggestions names."""
    suggested = list(items.order_by("pk"))
    for item in suggested:
        orders = Order.objects.filter(number__in=orders_of(item))
        combine_orders(orders, by=by, now=timezone.now(), why=why)
    number = len(suggested)
    return ngettext("%(n)d parcel made of several", "%(n)d parcels made of several", number) % {
        "n": number
    }


def leave_apart(items: ItemQuerySet, *, by: Actor, why: str, data: Mapping[str, Any]) -> str:
    """Decide that the chosen stay apart; they are not suggested again."""
    number = finish(items, by=by, now=timezone.now(), why=why)
    return ngettext("%(n)d stays apart", "%(n)d stay apart", number) % {"n": number}


def _receiver(item: Item) -> str:
    return str(item.facts.get("receiver", ""))


COMBINABLE = Listing(
    name="combinable",
    title=_("Could go together"),
    lead=_("Orders of one buyer to one place that will not share a parcel by themselves."),
    icon="combine",
    rows=lambda person: (
        Item.objects.visible_to(person)
        .filter(kind=Kind.COMBINE, subject=SUBJECT)
        .select_related("shop", "warehouse", "owner")
    ),
    finder=Finder(
        Item,
        (
            Field("order", _("Order number"), lookup="facts__orders"),
            Field("opened_at", _("Opened"), "instant"),
            Field("due_at", _("Due"), "instant"),
        ),
        quick=lambda text: Q(facts__orders__icontains=text) | Q(detail__icontains=text),
    ),
    columns=(
        Column("detail", _("Could go together"), kind="code", mobile=1, note=_receiver),
        Column(
            "when",
            _("Where they are"),
            value=lambda item: (
                _("In the warehouse: {place}").format(place=item.warehouse.name)
                if item.warehouse
                else _("Before planning")
            ),
            tone=lambda item: "warn" if item.warehouse_id else "info",
        ),
        Column("worth", _("Worth"), value=lambda item: item.facts.get("worth", "")),
        Column("weight", _("Weight"), value=lambda item: item.facts.get("weight", "")),
        Column("shop", _("Shop"), value="shop.name", sort="shop__name", mobile=3),
        Column("opened_at", _("Opened"), kind="instant", sort="opened_at", mobile=3),
        Column("due_at", _("Due"), kind="instant", sort="due_at"),
        Column("outcome", _("Outcome"), mobile=3),
    ),
    sort="due_at",
    tabs=(
        Tab("alerts", _("After planning"), Q(done_at=None, warehouse__isnull=False)),
        Tab("proposals", _("Before planning"), Q(done_at=None, warehouse=None)),
        Tab("done", _("Decided"), Q(done_at__isnull=False), counted=False),
    ),
    actions=(
        BatchAction(
            "combine",
            _("Combine"),
            "warehouse.combine",
            combine_chosen,
            confirm=_("Make one parcel of each of the %(n)s? Those in a wave step back out of it."),
            tone="primary",
            icon="combine",
        ),
        BatchAction(
            "apart",
            _("Leave apart"),
            "warehouse.combine",
            leave_apart,
            needs_why=True,
            icon="split",
        ),
    ),
    url=page_of_item,
    permission="warehouse.combine",
    links=(
        Link(
            _("Rules for combining"),
            reverse_lazy("combine-rules"),
            "warehouse.manage",
            "rule",
            is_act=False,
        ),
    ),
    empty=Empty(
        _("Nothing to put together"),
        _("Orders of one buyer to one place are planned as one parcel by themselves."),
        "combine",
    ),
)


class CombineRulesForm(ModelForm[CombineRules]):
    most_fen = YuanField(
        label=_("Worth at most"), required=False, help_text=_("Empty: as much as it may be.")
    )

    class Meta:
        model = CombineRules
        fields = ["is_on", "within_days", "most_fen", "most_g", "wait_minutes", "promise_hours"]
        labels = {
            "is_on": _("Put orders of one buyer together by themselves"),
            "within_days": _("Placed within (days)"),
            "most_g": _("Weight at most (g)"),
            "wait_minutes": _("Wait for company (min)"),
            "promise_hours": _("Do not wait when promised within (h)"),
        }
        help_texts = {
            "within_days": _("Empty: however far apart they were placed."),
            "most_g": _("Goods without packaging. Empty: as heavy as it may be."),
            "wait_minutes": _(
                "An order whose company is still held or screened waits so long, and no longer. 0: "
                "not at all."
            ),
            "promise_hours": _("Urgent orders never wait."),
        }
