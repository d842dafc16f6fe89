"""What a rule may ask of an order beyond what the search box knows."""

from collections.abc import Callable
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Length
from django.db.models.lookups import Exact, LessThan
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Sku
from gendan.orders.finding import order_finder
from gendan.orders.models import Line, Order
from gendan.screening.others import alike, going_the_same_way
from gendan.ui.finding import Field, Finder

HIDDEN = r"\*|＊|^(##|\$\$)"
OTHER_AREA = "其[它他]区"
ZONE = "开发区|高新|园区|新区|经开|保税"  # no official divisions, but carriers know them
MOBILE = "1[3-9][0-9]{9}"
LANDLINE = "0[0-9]{2,3}-?[2-9][0-9]{6,7}|[48]00-?[0-9]{3,4}-?[0-9]{3,4}"
PHONE = rf"^({MOBILE}|{LANDLINE}|\+[0-9]{{8,15}})(-[0-9]{{1,6}})?$"

ADDRESS_PROBLEMS = [
    ("MASKED", _("hidden by the platform")),
    ("NO_DETAIL", _("street and house number missing")),
    ("OTHER_AREA", _("“other area” instead of a district")),
    ("NO_DIVISION", _("not among the official divisions")),
    ("NO_DISTRICT", _("district missing")),
]
PHONE_PROBLEMS = [
    ("EMPTY", _("missing")),
    ("MASKED", _("hidden by the platform")),
    ("MALFORMED", _("no number that can be called")),
]


def _first(*cases: tuple[Q, str]) -> Case:
    whens = [When(condition, then=Value(code)) for condition, code in cases]
    return Case(*whens, default=Value(""), output_field=CharField())


ADDRESS_PROBLEM = _first(
    (Q(address__regex=HIDDEN), "MASKED"),
    (Q(address=""), "NO_DETAIL"),
    (Q(district__regex=OTHER_AREA), "OTHER_AREA"),
    (Q(division=""), "NO_DIVISION"),
    (Q(LessThan(Length("division"), 6)) & ~Q(district__regex=ZONE), "NO_DISTRICT"),
)
PHONE_PROBLEM = _first(
    (Q(receiver_phone__regex=f"^{MOBILE}$"), ""),  # nearly all of them: asked once
    (Q(receiver_phone=""), "EMPTY"),
    (Q(receiver_phone__regex=HIDDEN + "|^~"), "MASKED"),
    (~Q(receiver_phone__regex=PHONE), "MALFORMED"),
)


def wanted() -> "QuerySet[Line]":
    """Return the lines of an outer order that are still to be sent."""
    return Line.objects.filter(order=OuterRef("pk"), is_cancelled=False).exclude(
        refund_state="REFUNDED"
    )


def nowhere_in_stock() -> "QuerySet[Line]":
    """Return the wanted lines that no warehouse could serve whole; stock is a later room."""
    balances = Sku._meta.get_field("balances").related_model._default_manager
    kept = Case(
        When(Exact(OuterRef("shop__uses_safety_stock"), Value(True)), then=Value(0)),
        default=F("sku__safety_stock"),
        output_field=IntegerField(),
    )
    needed = F("reserved") + OuterRef("needed")
    enough = balances.filter(
        sku=OuterRef("sku"),
        on_hand__gte=ExpressionWrapper(needed, output_field=IntegerField()),
    )
    # A set lies nowhere, its parts do; for want of a gift from the house nobody is held.
    from_the_house = Q(is_gift=True, sub_order="")
    lines = wanted().filter(~from_the_house, sku__isnull=False, is_set=False)
    promised = Line._meta.get_field("reservations").related_model._default_manager
    own = Subquery(promised.filter(line=OuterRef("pk")).values("pk")[:1])
    # An order that was changed has its own pieces while it is screened again.
    return lines.alias(needed=F("quantity") + kept, own=own).filter(~Exists(enough), own=None)


def _if_any(rows: Callable[[], "QuerySet[Any]"]) -> Callable[[str, Any], Q]:
    """Answer yes or no: whether there is any such row.

    Asked order by order: a value, unlike EXISTS, can neither become a join nor a hash table of
    all the rows in the house, which is what fresh tables without statistics would lead to.
    """

    def answer(operator: str, value: bool) -> Q:
        first = Subquery(rows().order_by().values_list(Value(True))[:1])
        there = Q(Coalesce(first, Value(False), output_field=BooleanField()))
        return there if value else ~there

    return answer


OWN = (
    Field(
        "address_problem",
        _("problem with the address"),
        "choice",
        expression=ADDRESS_PROBLEM,
        choices=ADDRESS_PROBLEMS,
    ),
    Field(
        "phone_problem",
        _("problem with the phone"),
        "choice",
        expression=PHONE_PROBLEM,
        choices=PHONE_PROBLEMS,
    ),
    Field("duplicate", _("possible duplicate"), "yesno", lookup=_if_any(alike)),
    Field("combinable", _("could go in one parcel"), "yesno", lookup=_if_any(going_the_same_way)),
    Field("stock_missing", _("not in stock anywhere"), "yesno", lookup=_if_any(nowhere_in_stock)),
)

screening_finder = Finder(Order, (*order_finder.vocabulary.fields, *OWN), order_finder.quick)
