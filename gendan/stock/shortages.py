"""The lists of what is short: by customer, and by goods."""

from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    Count,
    DateField,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from gendan.catalog.models import Sku
from gendan.desk.models import Channel
from gendan.journal.actors import Actor
from gendan.orders.models import Order
from gendan.people.access import Worker, at_shops, at_warehouses
from gendan.people.models import Shop
from gendan.stock.actions import ask, reserve
from gendan.stock.models import (
    Balance,
    CaseLine,
    CaseState,
    Choice,
    Expected,
    ExpectedState,
    FoundAt,
    Shortage,
    ShortageCase,
)
from gendan.stock.tones import TONES
from gendan.ui.finding import Field, Finder
from gendan.ui.finding.quick import contains
from gendan.ui.listing import BatchAction, Column, Empty, Link, Listing, Tab

LINES = CaseLine.objects.filter(case=OuterRef("pk")).order_by().values("case")
GOODS = LINES.annotate(
    said=StringAgg(
        Concat("sku__code", Value(" × "), Cast("missing", TextField()), output_field=TextField()),
        Value("、", output_field=TextField()),
        output_field=TextField(),
    )
).values("said")


def _shops() -> list[tuple[Any, str]]:
    return list(Shop.objects.order_by("code").values_list("pk", "name"))


def _coming(sku: str) -> "QuerySet[Expected, Any]":
    return Expected.objects.filter(
        sku=OuterRef(sku), state=ExpectedState.OPEN, due_on__gte=timezone.localdate()
    ).order_by("due_on")


def cases(worker: Worker) -> "QuerySet[ShortageCase]":
    """Return the cases of short goods, with what is missing and when the next of it comes."""
    lines = CaseLine.objects.filter(case=OuterRef("pk")).annotate(
        due=Subquery(_coming("sku").values("due_on")[:1])
    )
    return (
        ShortageCase.objects.visible_to(worker)
        .select_related("order__shop")
        .annotate(
            pieces=Subquery(LINES.annotate(n=Sum("missing")).values("n")),
            comes=Subquery(lines.order_by("due").values("due")[:1], output_field=DateField()),
        )
    )


def _ask(rows: "QuerySet[ShortageCase]", *, by: Actor, why: str, data: Any) -> str:
    """Mail the customers of the chosen cases."""
    asked = ask(
        ShortageCase.objects.numbered(list(rows.values_list("pk", flat=True))),
        Channel.MAIL,
        by=by,
        now=timezone.now(),
        why=why,
    )
    n = len(asked)
    return ngettext("%(n)d customer asked", "%(n)d customers asked", n) % {"n": n}


def _serve(rows: "QuerySet[ShortageCase]", *, by: Actor, why: str, data: Any) -> str:
    """Try to serve the orders of the chosen cases now."""
    ids = set(rows.filter(order__stage="SHORT").values_list("order_id", flat=True))
    served = reserve(Order.objects.numbered(ids), by=by, now=timezone.now(), why=why).count()
    said = ngettext("%(n)d of %(of)d order served", "%(n)d of %(of)d orders served", len(ids))
    return said % {"n": served, "of": len(ids)}


CASES = Listing(
    name="shortages",
    title=_("Short goods"),
    lead=_("What customers wait for. When goods arrive, they are served by themselves, in turn."),
    rows=cases,
    finder=Finder(
        ShortageCase,
        [
            Field("order", _("order number"), lookup="order__number", aliases=("单号",)),
            Field("sku", "SKU", lookup="lines__sku__code", aliases=("编码",)),
            Field("shop", _("shop"), "choice", lookup="order__shop", choices=_shops),
            Field("state", _("state"), "choice", choices=CaseState.choices),
            Field("found", _("found"), "choice", lookup="found_at", choices=FoundAt.choices),
            Field("choice", _("choice"), "choice", choices=Choice.choices),
            Field("total", _("total"), "money", lookup="order__total_fen"),
            Field("opened", _("since"), "instant", lookup="opened_at"),
            Field("waits_until", _("waits until"), "day"),
        ],
        quick=lambda text: (
            Q(order__number__iexact=text)
            | Q(order__receiver_phone__endswith=text)
            | Q(
                pk__in=CaseLine.objects.filter(
                    Q(sku__code__icontains=text) | Q(sku__title__icontains=text)
                ).values("case")
            )
        ),
    ),
    columns=(
        Column("order", _("Order"), value="order.number", kind="code", mobile=1),
        Column("goods", _("Missing"), value="goods"),
        Column(
            "state",
            _("State"),
            value="get_state_display",
            tone=lambda case: TONES[case.state],
        ),
        Column("found", _("Found"), value="get_found_at_display", visible=False),
        Column("since", _("Since"), value="opened_at", kind="instant", sort="id"),  # as they came
        Column("due_at", _("Answer until"), kind="instant", sort="due_at"),
        Column("comes", _("Comes on"), kind="day", sort="comes"),
        Column("waits_until", _("Waits until"), kind="day", sort="waits_until"),
        Column(
            "total",
            _("Order total"),
            value="order.total_fen",
            kind="money",
            sort="order__total_fen",
        ),
        Column("shop", _("Shop"), value="order.shop.name", visible=False),
        Column("outcome", _("Outcome"), visible=False),
    ),
    told={"goods": Subquery(GOODS, output_field=TextField())},
    sort="since",
    tabs=(
        Tab("open", _("To settle"), Q(state=CaseState.OPEN)),
        Tab("asked", _("Asked"), Q(state=CaseState.ASKED)),
        Tab("waiting", _("Customer waits"), Q(state=CaseState.WAITING)),
        Tab("over", _("Over"), Q(closed_at__isnull=False), counted=False),
        Tab("all", _("All"), counted=False),
    ),
    actions=(
        BatchAction(
            "ask",
            _("Ask by mail"),
            "stock.settle",
            _ask,
            icon="mail",
            confirm=ngettext_lazy(
                "Mail %(n)s customer what they can choose?",
                "Mail %(n)s customers what they can choose?",
                "n",
            ),
        ),
        BatchAction("serve", _("Serve now"), "stock.reserve", _serve, icon="stock"),
    ),
    links=(
        Link(_("By goods"), reverse_lazy("short-goods"), "stock.see", "tag", is_act=False),
        Link(_("Arrivals"), reverse_lazy("arrivals"), "stock.see", "receive"),
        Link(_("Presales"), reverse_lazy("presales"), "stock.see", "calendar"),
    ),
    url=lambda case: reverse("shortage", args=[case.pk]),
    row_class=lambda case: "is-late" if case.state == CaseState.OPEN and case.broken else "",
    permission="stock.see",
    may_export="stock.see",
    placeholder=_("Order, phone, SKU or name"),
    icon="alert",
    empty=Empty(_("Nothing is short"), _("Every released order has its goods."), "check"),
)


def short_goods(worker: Worker) -> "QuerySet[Sku]":
    """Return the SKUs that orders lack, with who waits, what lies free, and what comes."""
    seen = Shortage.objects.filter(at_shops(worker, "order__shop")).order_by().values("sku")
    lacking = seen.filter(sku=OuterRef("pk"))
    lying = Balance.objects.filter(at_warehouses(worker), sku=OuterRef("pk")).order_by()
    coming = _coming("pk")
    outstanding = coming.order_by().values("sku").annotate(n=Sum(F("quantity") - F("arrived")))
    return Sku.objects.filter(pk__in=seen).annotate(
        waiting=_number(lacking.annotate(n=Count("order", distinct=True)).values("n")),
        missing=_number(lacking.annotate(n=Sum("missing")).values("n")),
        money=_number(lacking.annotate(n=Sum("order__total_fen")).values("n")),
        since=Subquery(lacking.annotate(at=Min("since")).values("at")),
        free=_number(lying.values("sku").annotate(n=Sum(F("on_hand") - F("reserved"))).values("n")),
        comes=_number(outstanding.values("n")),
        next_on=Subquery(coming.values("due_on")[:1]),
    )


def _number(of: "QuerySet[Any, Any]") -> Coalesce:
    return Coalesce(Subquery(of, output_field=IntegerField()), 0)


SHORT_GOODS = Listing(
    name="short-goods",
    title=_("Short goods by SKU"),
    lead=_("Who waits for what, how long, for how much money, and when it comes."),
    rows=short_goods,
    finder=Finder(
        Sku,
        [
            Field("code", "SKU", aliases=("编码",)),
            Field("title", _("product title"), aliases=("商品",)),
            Field("waiting", _("orders waiting"), "number"),
            Field("missing", _("pieces missing"), "number"),
            Field("money", _("money waiting"), "money"),
            Field("comes", _("pieces to come"), "number"),
        ],
        quick=contains("code", "title", "specification", "pinyin"),
    ),
    columns=(
        Column("title", _("Goods"), note="specification", sort="title", mobile=1),
        Column("code", "SKU", kind="code", sort="code"),
        Column("waiting", _("Orders waiting"), kind="number", sort="waiting"),
        Column("missing", _("Missing"), kind="number", sort="missing"),
        Column("money", _("Money waiting"), kind="money", sort="money"),
        Column("since", _("Longest since"), kind="instant", sort="since"),
        Column("free", _("Unpromised"), kind="number", sort="free"),
        Column("comes", _("To come"), kind="number", sort="comes"),
        Column("next_on", _("Next on"), kind="day", sort="next_on"),
    ),
    sort="-money",
    tabs=(
        Tab("all", _("All")),
        Tab("nothing", _("Nothing to come"), Q(comes=0)),
        Tab("too-little", _("Too little to come"), Q(comes__gt=0, comes__lt=F("missing"))),
    ),
    links=(
        Link(_("By customer"), reverse_lazy("shortages"), "stock.see", "people", is_act=False),
        Link(_("Arrivals"), reverse_lazy("arrivals"), "stock.see", "receive"),
    ),
    url=lambda sku: reverse("sku-stock", args=[sku.pk]),
    row_class=lambda sku: "is-late" if sku.comes < sku.missing else "",
    permission="stock.see",
    may_export="stock.see",
    placeholder=_("Code, name or initials"),
    icon="tag",
    empty=Empty(_("Nothing is short"), _("Every released order has its goods."), "check"),
)
