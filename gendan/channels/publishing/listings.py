"""The lists of publishing: what the shops show, what is on its way to them, and the rules."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.cache import cache
from django.db.models import F, Q, QuerySet
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from gendan.channels.models import Offer, Publication, PublicationState, PublishRule
from gendan.channels.models.publishing import OfferQuerySet, PublicationQuerySet
from gendan.channels.publishing.actions import set_items, switch, try_again
from gendan.channels.publishing.outbox import IN_TROUBLE
from gendan.channels.publishing.oversell import expected_oversell
from gendan.channels.publishing.queries import OPEN, UNMEASURED, delays, offers, rules
from gendan.journal.actors import Actor
from gendan.people.access import at_shops
from gendan.people.models import Shop, Warehouse
from gendan.ui.finding import Field, Finder
from gendan.ui.finding.quick import contains
from gendan.ui.listing import BatchAction, Column, Empty, Link, Listing, Of, Tab

Data = Mapping[str, Any]
HOURS_A_WEEK = 168
TOLD = 0.05  # fewer pieces than that are not worth a word
TROUBLED = Publication.objects.filter(state__in=OPEN).exclude(trouble="").values("code")
TONES = {
    PublicationState.WAITING: "warn",
    PublicationState.SENDING: "info",
    PublicationState.EXPORTED: "info",
    PublicationState.DONE: "good",
    PublicationState.SUPERSEDED: "muted",
}


class ItemForm(forms.Form):
    item = forms.CharField(
        label=_("Platform's item number"),
        max_length=40,
        help_text=_("The number in the address of the item's page; its goods share it."),
    )


def shops() -> list[tuple[Any, str]]:
    """Return the shops to choose from."""
    return list(Shop.objects.order_by("code").values_list("pk", "name"))


def _state(way: str) -> str:
    return str(PublicationState(way).label) if way else gettext("Shown")


def _tone(offer: Any) -> str:
    if offer.trouble:
        return "bad"
    return TONES[PublicationState(offer.way)] if offer.way else "good"


def _on_sale(is_listed: bool) -> str:
    return gettext("yes") if is_listed else gettext("no")


def likely_oversold(offer: Any) -> str:
    """Return how many pieces are likely to be sold beyond the last before this shop is told."""
    now = timezone.now()
    usual = cache.get_or_set("publishing-delays", delays, 60) or {}
    lag = now - offer.under_way_since if offer.way else usual.get(offer.shop_id, UNMEASURED)
    left = offer.free + offer.code.sku.safety_stock
    pieces = expected_oversell(offer.sold_week / HOURS_A_WEEK, lag.total_seconds() / 3600, left)
    return f"{pieces:.1f}" if pieces >= TOLD else ""


def send_now(rows: OfferQuerySet, *, by: Actor, why: str, data: Data) -> str:
    """Let what waits for these listings be tried at once."""
    codes = list(rows.values_list("code", flat=True))
    number = try_again(list(Publication.objects.filter(code__in=codes)), by=by, now=timezone.now())
    return ngettext("%(n)d listing is told at once", "%(n)d listings are told at once", number) % {
        "n": number
    }


def set_item(rows: OfferQuerySet, *, by: Actor, why: str, data: Data) -> str:
    """Say to which item of the platform these listings belong."""
    chosen = dict.fromkeys(rows.values_list("code", flat=True), data["item"].strip())
    number = set_items(chosen, by=by, why=why)
    return ngettext("%(n)d listing has it", "%(n)d listings have it", number) % {"n": number}


def _expected(pieces: int) -> str:
    return gettext("%(n)s expected") % {"n": pieces} if pieces else ""


OFFERS = Listing(
    name="publishing",
    title=_("Stock to the shops"),
    lead=_(
        "What each shop shows of our stock, and what it ought to show. Differences go out by"
        " themselves, or into a file for the platform."
    ),
    rows=offers,
    finder=Finder(
        Offer,
        (
            Field("sku", "SKU", lookup="code__sku__code", aliases=("编码",)),
            Field("title", _("product title"), lookup="code__sku__title", aliases=("商品",)),
            Field("code", _("shop's code"), lookup="code__code"),
            Field("item", _("platform item"), lookup="item"),
            Field("shop", _("shop"), "choice", lookup="shop_id", choices=shops),
            Field("free", _("free"), "number"),
            Field("published", _("published"), "number", lookup="quantity"),
            Field("wanted", _("would publish"), "number"),
            Field("captured", _("captured"), "instant", lookup="captured_at"),
        ),
        quick=contains("code__code", "code__sku__code", "code__sku__title", "item"),
    ),
    columns=(
        Column(
            "sku",
            _("Goods"),
            value="code.sku.title",
            note="code.sku.specification",
            sort="code__sku__title",
            mobile=1,
        ),
        Column("code", _("Shop's code"), value="code.code", kind="code", sort="code__code"),
        Column("shop", _("Shop"), value="shop.name", sort="shop__name"),
        Column("free", _("Free"), kind="number", sort="free", note=Of(_expected, "arriving")),
        Column("arriving", _("of it expected"), kind="number", sort="arriving", visible=False),
        Column("quantity", _("Published"), kind="number", sort="quantity"),
        Column("wanted", _("Would publish"), kind="number", sort="wanted"),
        Column("state", _("State"), value=Of(_state, "way"), tone=_tone, note="trouble"),
        Column("captured_at", _("Stock as of"), kind="instant", sort="captured_at"),
        Column("risk", _("Likely oversold"), value=likely_oversold, kind="text", export=False),
        Column("item", _("Platform item"), kind="code", sort="item", mobile=3),
        Column("on", _("On sale"), value=Of(_on_sale, "is_listed"), mobile=3),
        Column("sold_week", _("Sold in a week"), kind="number", sort="sold_week", visible=False),
        Column("version", _("Version"), kind="number", visible=False),
    ),
    sort="code",
    tabs=(
        Tab("all", _("All")),
        Tab("differs", _("Shows another"), ~Q(quantity=F("wanted")) | Q(quantity=None)),
        Tab("trouble", _("In trouble"), Q(code__in=TROUBLED)),
        Tab("out", _("Sold out"), Q(wanted=0)),
        Tab("nameless", _("Without item number"), Q(item="")),
    ),
    actions=(
        BatchAction("now", _("Tell at once"), "stock.publish", send_now, icon="refresh"),
        BatchAction(
            "item", _("Set the item number"), "stock.publish", set_item, form=ItemForm, icon="tag"
        ),
    ),
    url=lambda offer: reverse("sku-stock", args=[offer.code.sku_id]),
    row_class=lambda offer: "is-late" if offer.trouble else "",
    permission="stock.publish",
    may_export="stock.publish",
    links=(
        Link(_("New rule"), reverse_lazy("publish-rule-new"), "stock.publish"),
        Link(_("Rules"), reverse_lazy("publish-rules"), "stock.publish", "rule"),
        Link(_("Outbox"), reverse_lazy("publish-outbox"), "stock.publish", "upload"),
        Link(_("Item numbers"), reverse_lazy("publish-items-import"), "stock.publish", "tag"),
    ),
    placeholder=_("Goods, code or item number"),
    icon="shop",
    empty=Empty(
        _("No shop is told of the stock yet"),
        _("Add a rule: how much of what is free may which shop show? Then map the shops' codes."),
        "shop",
    ),
)


def again(rows: PublicationQuerySet, *, by: Actor, why: str, data: Data) -> str:
    """Try these at once."""
    number = try_again(list(rows), by=by, now=timezone.now())
    return ngettext("%(n)d listing is told at once", "%(n)d listings are told at once", number) % {
        "n": number
    }


def _outbox(person: Any) -> PublicationQuerySet:
    return Publication.objects.visible_to(person).select_related("code__sku", "shop")


OUTBOX = Listing(
    name="publish-outbox",
    title=_("Stock outbox"),
    lead=_("Each quantity on its way to a shop, in the version of its capture, and what became."),
    rows=_outbox,
    finder=Finder(
        Publication,
        (
            Field("sku", "SKU", lookup="code__sku__code", aliases=("编码",)),
            Field("code", _("shop's code"), lookup="code__code"),
            Field("shop", _("shop"), "choice", lookup="shop_id", choices=shops),
            Field("state", _("state"), "choice", choices=PublicationState.choices),
            Field("file", _("file")),
            Field("captured", _("captured"), "instant", lookup="captured_at"),
        ),
        quick=contains("code__code", "code__sku__code", "file"),
    ),
    columns=(
        Column(
            "code",
            _("Shop's code"),
            value="code.code",
            kind="code",
            note="code.sku.title",
            mobile=1,
        ),
        Column("shop", _("Shop"), value="shop.name"),
        Column("quantity", _("Quantity"), kind="number"),
        Column("version", _("Version"), kind="number", sort="id"),
        Column("captured_at", _("Stock as of"), kind="instant"),
        Column(
            "state",
            _("State"),
            value="get_state_display",
            tone=lambda row: TONES[PublicationState(row.state)],
            note="trouble",
            asked=Of(_state, "state"),
        ),
        Column("tries", _("Tries"), kind="number"),
        Column("due_at", _("Next try"), kind="instant", mobile=3),
        Column("file", _("File"), mobile=3),
        Column("done_at", _("Ended"), kind="instant", mobile=3),
    ),
    sort="-version",
    tabs=(
        Tab("waiting", _("To send"), Q(state__in=("WAITING", "SENDING"))),
        Tab("trouble", _("In trouble"), Q(state="WAITING", tries__gte=IN_TROUBLE)),
        Tab("exported", _("In a file"), Q(state="EXPORTED")),
        Tab("all", _("All"), counted=False),
    ),
    actions=(BatchAction("again", _("Tell at once"), "stock.publish", again, icon="refresh"),),
    row_class=lambda row: "is-late" if row.trouble and row.state == "WAITING" else "",
    permission="stock.publish",
    may_export="stock.publish",
    icon="upload",
    empty=Empty(_("Nothing on its way"), _("The shops show what they ought to show."), "check"),
)


def formula(rule: Any) -> str:
    """Return how a rule counts, as people write it."""
    parts = [f"{rule.percent} %"]
    parts += [_arriving(rule)] if rule.arriving_percent else []
    parts += [f"+ {rule.plus}"] if rule.plus else []
    parts += [f"− {rule.minus}"] if rule.minus else []
    parts += [f"≥ {rule.least}"] if rule.least else []
    parts += [f"≤ {rule.most}"] if rule.most is not None else []
    return " ".join(parts)


def _arriving(rule: Any) -> str:
    told = {"percent": rule.arriving_percent, "days": rule.arriving_days}
    said = ngettext(
        "(with %(percent)s %% of what comes in %(days)s day)",
        "(with %(percent)s %% of what comes in %(days)s days)",
        rule.arriving_days,
    )
    return said % told


def _of_shop(rule: Any) -> str:
    return rule.shop.name if rule.shop else gettext("Every web shop")


def _of_goods(rule: Any) -> str:
    return rule.sku.code if rule.sku else rule.category or gettext("All goods")


def _left_out(rule: Any) -> str:
    words = (
        (rule.less_reserved, gettext("promised")),
        (rule.less_waiting, gettext("wanted")),
        (rule.less_safety, gettext("safety stock")),
    )
    return " · ".join(word for is_left_out, word in words if is_left_out) or "—"


def _places(rule: Any) -> str:
    if rule.warehouse_ids is None:
        return gettext("All")
    names = dict(Warehouse.objects.values_list("pk", "name"))
    return " · ".join(names.get(pk, "?") for pk in rule.warehouse_ids)


def _switch(on: bool) -> Any:
    def run(rows: "QuerySet[PublishRule]", *, by: Actor, why: str, data: Data) -> str:
        number = switch(list(rows), on, by=by, why=why)
        return ngettext("%(n)d rule switched", "%(n)d rules switched", number) % {"n": number}

    return run


RULES = Listing(
    name="publish-rules",
    title=_("Publishing rules"),
    lead=_("How much of what is free a shop may show. The narrowest rule counts."),
    rows=lambda person: rules().filter(at_shops(person, or_none=True)),
    finder=Finder(
        PublishRule,
        (
            Field("shop", _("shop"), "choice", lookup="shop_id", choices=shops),
            Field("category", _("category")),
            Field("sku", "SKU", lookup="sku__code"),
            Field("on", _("on"), "yesno", lookup="is_on"),
        ),
        quick=contains("category", "sku__code", "shop__name"),
    ),
    columns=(
        Column("shop", _("Shop"), value=_of_shop, sort="shop__name", mobile=1),
        Column("goods", _("Goods"), value=_of_goods),
        Column("formula", _("Formula"), value=formula),
        Column("without", _("Left out"), value=_left_out),
        Column("places", _("Warehouses"), value=_places),
        Column(
            "is_on",
            _("Switched"),
            value=lambda rule: gettext("On") if rule.is_on else gettext("Off"),
            tone=lambda rule: "good" if rule.is_on else "muted",
            sort="is_on",
        ),
    ),
    sort="shop",
    actions=(
        BatchAction("on", _("Switch on"), "stock.publish", _switch(True), icon="check"),
        BatchAction("off", _("Switch off"), "stock.publish", _switch(False), icon="stop"),
    ),
    url=lambda rule: reverse("publish-rule", args=[rule.pk]),
    permission="stock.publish",
    links=(Link(_("New rule"), reverse_lazy("publish-rule-new"), "stock.publish"),),
    empty=Empty(
        _("No rules yet"),
        _("Without a rule no shop is told anything. Begin with one for every web shop."),
        "rule",
    ),
)
