"""The list of customers."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.expressions import Exists
from django.db.models.functions import Right
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from gendan.customers import queries
from gendan.customers.actions import blacklist, forgive, tag
from gendan.customers.models import Address, Customer, Identity, IdentityKind
from gendan.journal.actors import Actor
from gendan.ui.finding import Field, Finder
from gendan.ui.finding.quick import Way, meant
from gendan.ui.importing.cells import tags
from gendan.ui.listing import BatchAction, Column, Empty, Link, Listing, Tab
from gendan.ui.wording import masked_name, masked_phone

PATHS = {"=": "exact", "~": "icontains", "in": "in"}
PHONE_END = Right("phone", 4)


def quick(text: str) -> Q:
    """A name, a phone or its last four digits, an account, a mail, a tag."""
    return meant(_ways(text))


def _ways(text: str) -> Iterator[Way]:
    everybody = Customer.objects.order_by().annotate(found=F("pk"))
    begins = Q(name__startswith=text)
    yield Way(everybody.filter(begins), begins)
    tagged = Q(tags__contains=[text])
    yield Way(everybody.filter(tagged).exclude(tags=[]), tagged)
    if text:
        yield Way(everybody.filter(company=text), Q(company=text))
    digits = text.replace(" ", "").replace("-", "")
    if digits.isascii() and digits.isdecimal():
        phone = Q(phone__startswith=digits) if len(digits) > 4 else Q(phone=digits)
        yield Way(everybody.filter(phone), phone)
        if len(digits) == 4:
            yield Way(everybody.alias(end=PHONE_END).filter(end=digits), Q())
    yield Way(_called(text), Q())


def _called(text: str) -> QuerySet[Any, Any]:
    """Whoever a channel knows by that name, in large or small letters; a phone has none."""
    by_phone = Q(kind=IdentityKind.PHONE, scope="", value=text)
    by_account = ~Q(kind=IdentityKind.PHONE) & Q(value__iexact=text)
    names = Identity.objects.order_by().annotate(found=F("customer_id"))
    return names.filter(by_phone | by_account)


def _address(path: str) -> Any:
    """Answer a comparison with what any address of the customer says."""

    def answer(operator: str, value: Any) -> Q:
        lived = Address.objects.filter(customer=OuterRef("pk"))
        if operator == "empty":
            return ~Q(Exists(lived.exclude(**{path: ""})))
        return Q(Exists(lived.filter(**{f"{path}__{PATHS[operator]}": value})))

    return answer


def _tags(text: str) -> Sequence[str]:
    """The tags in use that begin with what was typed."""
    rows = Customer.objects.exclude(tags=[]).values_list("tags", flat=True)[:2000]
    used = sorted({word for words in rows for word in words})
    return [word for word in used if word.startswith(text)][:20]


def _blacklisted(operator: str, value: bool) -> Q:
    return Q(blacklisted_at__isnull=not value)


class TagForm(forms.Form):
    add = forms.CharField(label=_("Add"), required=False, max_length=200)
    remove = forms.CharField(label=_("Take away"), required=False, max_length=200)


def _tag(rows: "QuerySet[Customer]", *, by: Actor, why: str, data: Any) -> str:
    number = tag(rows, by=by, add=tags(data["add"]), remove=tags(data["remove"]), why=why)
    return ngettext("%(n)d customer tagged.", "%(n)d customers tagged.", number) % {"n": number}


def _blacklist(rows: "QuerySet[Customer]", *, by: Actor, why: str, data: Any) -> str:
    number = blacklist(rows, by=by, now=timezone.now(), why=why).count()
    return ngettext("%(n)d customer blacklisted.", "%(n)d customers blacklisted.", number) % {
        "n": number
    }


def _forgive(rows: "QuerySet[Customer]", *, by: Actor, why: str, data: Any) -> str:
    number = forgive(rows, by=by, why=why).count()
    return ngettext(
        "%(n)d customer taken off the blacklist.",
        "%(n)d customers taken off the blacklist.",
        number,
    ) % {"n": number}


CUSTOMERS = Listing(
    name="customers",
    title=_("Customers"),
    icon="people",
    rows=lambda person: queries.with_orders(queries.customers_of(person)),
    finder=Finder(
        Customer,
        (
            Field("name", _("name"), aliases=("姓名",)),
            Field("phone", _("phone"), aliases=("手机",)),
            Field("phone_end", _("last four digits"), expression=PHONE_END),
            Field("mail", _("mail")),
            Field("company", _("company")),
            Field("level", _("class"), aliases=("等级",)),
            Field("tag", _("tag"), "set", lookup="tags", suggest=_tags),
            Field("remark", _("remark")),
            Field("since", _("known since"), "instant", lookup="made_at"),
            Field("orders", _("orders"), "number", lookup="order_count", aliases=("订单数",)),
            Field("bought", _("bought for"), "money", lookup="bought_fen"),
            Field("last", _("last order"), "instant", lookup="last_at"),
            Field("blacklisted", _("blacklisted"), "yesno", lookup=_blacklisted),
            Field("province", _("province"), lookup=_address("province")),
            Field("city", _("city"), lookup=_address("city")),
            Field("district", _("district"), lookup=_address("district")),
        ),
        quick=quick,
    ),
    columns=(
        Column(
            "name",
            _("Customer's name"),
            value=lambda row: masked_name(row.name),
            sort="name",
            note="company",
            mobile=1,
        ),
        Column("phone", _("Phone"), value=lambda row: masked_phone(row.phone), kind="code"),
        Column("level", _("Class"), sort="level"),
        Column("tags", _("Tags"), template="customers/_tags.html", export=lambda row: row.tags),
        Column("order_count", _("Orders"), kind="number", sort=F("order_count")),
        Column("bought_fen", _("Bought for"), kind="money", sort=F("bought_fen")),
        Column("last_at", _("Last order"), kind="instant", sort=F("last_at")),
        Column("made_at", _("Known since"), kind="instant", sort="pk"),
        Column(
            "blacklisted",
            _("Blacklist"),
            value=lambda row: _("Blacklisted") if row.blacklisted_at else "",
            tone=lambda row: "bad" if row.blacklisted_at else "",
            note="blacklist_reason",
            mobile=3,
        ),
    ),
    sort="-made_at",
    tabs=(
        Tab("all", _("All"), counted=False),
        Tab("tagged", _("Tagged"), ~Q(tags=[]), counted_later=True),
        Tab("blacklisted", _("Blacklisted"), Q(blacklisted_at__isnull=False)),
    ),
    actions=(
        BatchAction("tag", _("Tag"), "customers.manage", _tag, form=TagForm, icon="tag"),
        BatchAction(
            "forgive", _("Off the blacklist"), "customers.manage", _forgive, needs_why=True
        ),
        BatchAction(
            "blacklist",
            _("Put on the blacklist"),
            "customers.manage",
            _blacklist,
            needs_why=True,
            confirm=ngettext_lazy(
                "Blacklist %(n)s customer? Their orders will be held.",
                "Blacklist %(n)s customers? Their orders will be held.",
                "n",
            ),
            tone="danger",
            icon="stop",
        ),
    ),
    url=lambda customer: reverse("customer", args=[customer.pk]),
    row_class=lambda customer: "is-late" if customer.blacklisted_at else "",
    permission="customers.see",
    links=(
        Link(_("New customer"), reverse_lazy("customer-new"), "customers.manage"),
        Link(_("Import"), reverse_lazy("customers-import"), "customers.manage", "upload"),
    ),
    placeholder=_("Name, phone or its last four digits, account, tag"),
    empty=Empty(
        _("No customers here"),
        _("They come with their first order. Or import the archive you have."),
        "people",
    ),
)
