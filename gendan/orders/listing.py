"""The list of orders."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Concat
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from gendan.orders import actions
from gendan.orders.cells import number_cell, promise_cell
from gendan.orders.finding import order_finder
from gendan.orders.models import Instruction, InstructionCode, Line, Order, OrderQuerySet
from gendan.orders.queries.tabs import tab_counts
from gendan.orders.stages import OVER, Stage
from gendan.people.access import Worker
from gendan.ui.listing import BatchAction, Column, Empty, Link, Listing, Of, Tab
from gendan.ui.wording import masked_address, masked_name, masked_phone

TONES = {
    Stage.DRAFT: "muted",
    Stage.UNPAID: "warn",
    Stage.UNCONFIRMED: "warn",
    Stage.SCREENING: "info",
    Stage.HELD: "bad",
    Stage.READY: "info",
    Stage.SHORT: "bad",
    Stage.IN_PRODUCTION: "info",
    Stage.ALLOCATED: "good",
    Stage.COMPLETED: "muted",
    Stage.CANCELLED: "muted",
}
UNDER_WAY = tuple(stage for stage in Stage if stage not in OVER)


def tone(order: Order) -> str:
    """Return the colour of an order's stage."""
    return TONES[Stage(order.stage)]


def _rows(worker: Worker) -> OrderQuerySet:
    return Order.objects.visible_to(worker).select_related("shop", "taken_by")


def _first_of(goods: list[str]) -> str:
    if not goods:
        return ""
    return f"{goods[0]} +{len(goods) - 1}" if len(goods) > 1 else goods[0]


def _place(*parts: str) -> str:
    *divisions, address = parts
    return masked_address("".join((*dict.fromkeys(divisions), address)))


def _region(*parts: str) -> str:
    return " ".join(dict.fromkeys(filter(None, parts)))


def _told_wishes(wishes: list[str] | None) -> str:
    if not wishes:
        return ""
    told = (wish.partition(" ") for wish in wishes)
    return "、".join(f"{InstructionCode(code).label} {text}".strip() for code, _sign, text in told)


def _remark(*remarks: str) -> str:
    return next(filter(None, remarks), "")


def _row_class(order: Order) -> str:
    if order.stage in OVER:
        return "is-done"
    late = order.promise_at and order.promise_at < timezone.now()
    return "is-late" if late and order.stage != Stage.DRAFT else ""


def _cancel(rows: OrderQuerySet, *, by: Any, why: str, data: Any) -> str:
    number = rows.count()
    actions.cancel(rows, by=by, why=why, now=timezone.now())
    return ngettext("%(n)s order cancelled.", "%(n)s orders cancelled.", number) % {"n": number}


def _urge(rows: OrderQuerySet, *, by: Any, why: str, data: Any) -> str:
    actions.urge(rows, by=by, why=why, now=timezone.now())
    return _now("They go first from now on.")


def _calm(rows: OrderQuerySet, *, by: Any, why: str, data: Any) -> str:
    actions.urge(rows, by=by, why=why, urgent=False, now=timezone.now())
    return _now("They take their turn again.")


def _confirm(rows: OrderQuerySet, *, by: Any, why: str, data: Any) -> str:
    actions.confirm(rows, by=by, why=why, now=timezone.now())
    return _now("Confirmed; what is paid goes on to screening.")


def _send(rows: OrderQuerySet, *, by: Any, why: str, data: Any) -> str:
    actions.send_confirmation(rows, by=by, why=why, now=timezone.now())
    return _now("The confirmations are on their way.")


def _texts(rows: QuerySet[Any, Any], *parts: Any) -> ArraySubquery:
    """The texts that parts of an order's rows make, in one array."""
    mine = rows.filter(order=OuterRef("pk"))
    return ArraySubquery(mine.values_list(Concat(*parts, output_field=TextField())))


# What an order's rows say comes as text with the order: models of them would take a fifth of the
# time of a page.
LINES = Line.objects.filter(is_cancelled=False, part_of=None).order_by("position")
GOODS = _texts(LINES, "title", Value(" × "), "quantity")
SPECIFICATION = Subquery(LINES.filter(order=OuterRef("pk")).values("specification")[:1])
WISHES = _texts(Instruction.objects.order_by("pk"), "code", Value(" "), "text")
# For a file the few orders with wishes are found all at once: that spares the others the sorting.
WISHES_IF_ANY = Case(When(Exists(Instruction.objects.filter(order=OuterRef("pk"))), then=WISHES))

TABS = (
    Tab("open", _("Under way"), Q(stage__in=UNDER_WAY)),
    *(
        Tab(stage.value.lower(), stage.label, Q(stage=stage))
        for stage in Stage
        if stage != Stage.IN_PRODUCTION
    ),
    Tab("all", _("All"), Q(), counted=False),
)

COLUMNS = (
    Column(
        "number",
        _("Order"),
        draw=number_cell,
        sort="number",
        mobile=1,
    ),
    Column("stage", _("Stage"), "get_stage_display", tone=tone, sort="stage"),
    Column("shop", _("Shop"), "shop.name", note="platform_order"),
    Column(
        "receiver",
        _("Receiver"),
        Of(masked_name, "receiver_name"),
        note=Of(masked_phone, "receiver_phone"),
    ),
    Column("region", _("Goes to"), Of(_region, "province", "city", "district")),
    Column("goods", _("Goods"), Of(_first_of, "goods"), note="specification"),
    Column("total", _("To pay"), "total_fen", kind="money", sort="total_fen"),
    Column("placed_at", _("Placed"), kind="instant", sort="placed_at"),
    Column("promise_at", _("Promised for"), draw=promise_cell, sort="promise_at"),
    Column(
        "wishes",
        _("Instructions"),
        Of(_told_wishes, "wishes"),
        asked=Of(_told_wishes, WISHES_IF_ANY),
    ),
    Column("paid", _("Paid"), "paid_fen", kind="money", sort="paid_fen", visible=False),
    Column("paid_at", _("Paid at"), kind="instant", sort="paid_at", visible=False),
    Column(
        "since",
        _("At this stage since"),
        "stage_since",
        kind="instant",
        sort="stage_since",
        visible=False,
    ),
    Column(
        "remark",
        _("Remark"),
        Of(_remark, "buyer_remark", "seller_remark", "warehouse_remark"),
        visible=False,
    ),
    Column("source", _("Source"), "get_source_display", visible=False),
    Column("platform_state", _("Platform state"), "get_platform_state_display", visible=False),
    Column("buyer", _("Buyer's account"), "buyer", visible=False),
    Column(
        "address",
        _("Address"),
        Of(_place, "province", "city", "district", "street", "address"),
        visible=False,
    ),
    Column("taken_by", _("Order taken by"), "taken_by.name", visible=False),
)

ACTIONS = (
    BatchAction("urge", _("Urgent"), "orders.urge", _urge, needs_why=True, icon="flag"),
    BatchAction("calm", _("Not urgent"), "orders.urge", _calm, needs_why=True),
    BatchAction(
        "confirm",
        _("Customer confirmed"),
        "orders.confirm",
        _confirm,
        confirm=ngettext_lazy(
            "Did the customer of this %(n)s order say that all is right?",
            "Did the customers of these %(n)s orders say that all is right?",
            "n",
        ),
        icon="check",
    ),
    BatchAction(
        "send",
        _("Send confirmation"),
        "orders.confirm",
        _send,
        confirm=ngettext_lazy(
            "Mail %(n)s order back to its customer to be confirmed?",
            "Mail %(n)s orders back to their customers to be confirmed?",
            "n",
        ),
        icon="mail",
    ),
    BatchAction(
        "cancel", _("Cancel"), "orders.cancel", _cancel, needs_why=True, tone="danger", icon="cross"
    ),
)

orders_listing = Listing(
    name="orders",
    title=_("Orders"),
    rows=_rows,
    told={"goods": GOODS, "specification": SPECIFICATION, "wishes": WISHES},
    finder=order_finder,
    columns=COLUMNS,
    sort="-placed_at",
    counts=tab_counts,
    tabs=TABS,
    actions=ACTIONS,
    url=lambda order: reverse("order", args=[order.number]),
    row_class=_row_class,
    permission="orders.see",
    may_export="orders.export",
    links=(Link(_("Place an order"), reverse_lazy("order-new"), "orders.place"),),
    placeholder=_(
        "Number, phone or its last four, name, waybill, goods … or: stage=held total>500"
    ),
    empty=Empty(
        _("No orders here"),
        _("Take one at the counter or by phone, or bring in a shop's order file."),
        "order",
    ),
    icon="order",
)
