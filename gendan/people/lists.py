"""The lists of colleagues, shops, warehouses and keys."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gendan.people.models import ApiKey, Person, Platform, Shop, ShopKind, Warehouse
from gendan.people.permissions import Role
from gendan.people.queries import colleagues
from gendan.ui.finding import Field, Finder
from gendan.ui.finding.quick import contains
from gendan.ui.listing import Column, Empty, Link, Listing


def role_names(person: Person) -> str:
    return "、".join(str(Role(role).label) for role in person.roles)


def _state(person: Person) -> Any:
    if not person.is_active:
        return _("Left")
    if person.locked_until and person.locked_until > timezone.now():
        return _("Locked")
    return _("Active")


PEOPLE = Listing(
    name="people",
    title=_("People"),
    rows=lambda person: colleagues(),
    finder=Finder(
        Person,
        [
            Field("name", _("name"), "text", lookup="name"),
            Field("username", _("user name"), "text", lookup="username"),
            Field("role", _("role"), "set", lookup="roles", choices=Role.choices),
            Field("active", _("active"), "yesno", lookup="is_active"),
        ],
        quick=contains("name", "username"),
    ),
    columns=(
        Column("name", _("Name"), sort="name", mobile=1, note="username"),
        Column("roles", _("Roles"), value=role_names),
        Column(
            "state", _("State"), value=_state, tone=lambda p: "good" if p.is_active else "muted"
        ),
        Column("signed_in_at", _("Last sign-in"), kind="instant", sort="signed_in_at"),
        Column("discount_limit", _("Discount limit (%)"), kind="number", sort="discount_limit"),
    ),
    sort="name",
    url=lambda person: reverse("person", args=[person.username]),
    permission="people.manage",
    links=(Link(_("Add a colleague"), "/people/new/", "people.manage"),),
    empty=Empty(_("Nobody here yet"), _("Add the first colleague."), "people"),
)

SHOPS = Listing(
    name="shops",
    title=_("Shops"),
    rows=lambda person: Shop.objects.all(),
    finder=Finder(
        Shop,
        [
            Field("code", _("code"), "text", lookup="code"),
            Field("name", _("name"), "text", lookup="name"),
            Field("platform", _("platform"), "choice", lookup="platform", choices=Platform.choices),
            Field("kind", _("kind"), "choice", lookup="kind", choices=ShopKind.choices),
        ],
        quick=contains("code", "name"),
    ),
    columns=(
        Column("code", _("Code"), kind="code", sort="code"),
        Column("name", _("Name"), sort="name", mobile=1),
        Column("platform", _("Platform"), value="get_platform_display", sort="platform"),
        Column("kind", _("Kind"), value="get_kind_display", sort="kind"),
        Column("ship_hours", _("Hours to ship"), kind="number", sort="ship_hours"),
        Column("is_active", _("Active"), kind="yesno"),
    ),
    sort="code",
    url=lambda shop: reverse("shop", args=[shop.pk]),
    permission="people.manage",
    links=(
        Link(_("Add a shop"), "/shops/new/", "people.manage"),
        Link(_("Import"), "/shops/import/", "people.manage", "upload"),
    ),
    empty=Empty(
        _("No shops yet"),
        _("Add one, or import an order file: its shop is made by itself."),
        "shop",
    ),
)

WAREHOUSES = Listing(
    name="warehouses",
    title=_("Warehouses"),
    rows=lambda person: Warehouse.objects.all(),
    finder=Finder(
        Warehouse,
        [
            Field("code", _("code"), "text", lookup="code"),
            Field("name", _("name"), "text", lookup="name"),
        ],
        quick=contains("code", "name"),
    ),
    columns=(
        Column("code", _("Code"), kind="code", sort="code"),
        Column("name", _("Name"), sort="name", mobile=1, note="address"),
        Column("contact", _("Contact")),
        Column("rank", _("Order of preference"), kind="number", sort="rank"),
        Column("is_active", _("Active"), kind="yesno"),
    ),
    sort="code",
    url=lambda warehouse: reverse("warehouse", args=[warehouse.pk]),
    permission="people.manage",
    links=(
        Link(_("Add a warehouse"), "/warehouses/new/", "people.manage"),
        Link(_("Import"), "/warehouses/import/", "people.manage", "upload"),
    ),
    empty=Empty(_("No warehouses yet"), _("Add the place from which goods leave."), "warehouse"),
)

KEYS = Listing(
    name="api-keys",
    title=_("API keys"),
    rows=lambda person: ApiKey.objects.all(),
    finder=Finder(
        ApiKey, [Field("name", _("name"), "text", lookup="name")], quick=contains("name")
    ),
    columns=(
        Column("name", _("Name"), sort="name", mobile=1),
        Column("hint", _("Begins with"), kind="code"),
        Column("scopes", _("It may"), value=lambda key: ", ".join(key.scopes)),
        Column("made_at", _("Made"), kind="instant", sort="made_at"),
        Column("expires_at", _("Expires"), kind="instant"),
        Column("revoked_at", _("Revoked"), kind="instant"),
    ),
    sort="-made_at",
    url=lambda key: reverse("api-key", args=[key.pk]),
    permission="people.manage",
    links=(Link(_("Make a key"), "/api-keys/new/", "people.manage"),),
    empty=Empty(_("No keys yet"), _("Make one for each program that is to use the API."), "key"),
)
