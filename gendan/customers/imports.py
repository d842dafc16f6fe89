"""The customer archive from a file."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gendan.customers.actions import (
    Acquaintance,
    find_or_make,
    keep_addresses,
    save_customers,
)
from gendan.customers.addresses import phone, split
from gendan.customers.addresses.phones import Kind
from gendan.customers.models import Address, Identity, IdentityKind
from gendan.customers.queries import owners
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.importing import Import, ImportColumn, ImportRow, Mistake, Outcome, cells

OF_CUSTOMER = ("name", "phone", "mail", "company", "level", "tags", "remark")


def phone_cell(cell: str) -> str:
    """Return a number that can be dialled, written as it is stored."""
    number = phone(str(cells.code(40)(cell)))
    if number.kind not in (Kind.MOBILE, Kind.LANDLINE):
        raise cells.BadCell(
            _("This number cannot be dialled."), _("Count its digits; stars hide what we need.")
        )
    return str(number)


def mail_cell(cell: str) -> str:
    """Return a mail address."""
    if cell.count("@") != 1 or " " in cell or len(cell) > 120:
        raise cells.BadCell(_("This is no mail address."), _("Write it as name@example.com."))
    return cell


def _known(keys: Collection[Any]) -> Collection[Any]:
    numbers = [number for (number,) in keys]
    there = Identity.objects.filter(kind=IdentityKind.PHONE, value__any=numbers)
    return {(number,) for number in there.values_list("value", flat=True)}


def take_customers(rows: Sequence[ImportRow], *, by: Actor, why: str = "") -> Outcome:
    """Make the customers who are new, change the others, and keep their addresses."""
    mistakes = _mail_taken(rows)
    bad = {mistake.number for mistake in mistakes}
    good = [row for row in rows if row.number not in bad]
    with entry("customer.imported", by=by, why=why, count=len(good)):
        known = {number for (number,) in _known([(row.values["phone"],) for row in good])}
        people = [_person(row.values) for row in good]
        ids = [pk for pk in find_or_make(people, by=by) if pk]
        said = {
            pk: {key: row.values[key] for key in OF_CUSTOMER if key in row.values}
            for pk, row in zip(ids, good, strict=True)
        }
        saved = save_customers(said, by=by, why=why)
        kept = _keep(ids, good, by=by)
    new = sum(row.values["phone"] not in known for row in good)
    moved = {customer.pk for customer in saved.changed} | kept
    changed = sum(
        pk in moved and row.values["phone"] in known for pk, row in zip(ids, good, strict=True)
    )
    return Outcome(new, changed, len(good) - new - changed, mistakes)


def _person(values: Mapping[str, Any]) -> Acquaintance:
    return Acquaintance(values.get("name", ""), values["phone"], values.get("mail", ""))


def _keep(ids: Sequence[int], rows: Sequence[ImportRow], *, by: Actor) -> set[int]:
    """Keep the addresses; return the customers who have one more."""
    addresses = [
        _address(pk, row.values)
        for pk, row in zip(ids, rows, strict=True)
        if "address" in row.values
    ]
    there = set(_places(Address.objects.filter(customer_id__any=list(ids))))
    fresh = [a for a in addresses if next(iter(_places([a]))) not in there]
    keep_addresses(fresh, by=by, now=timezone.now())
    return {address.customer_id for address in fresh}


def _places(addresses: Any) -> list[tuple[Any, ...]]:
    return [
        (a.customer_id, a.receiver_name, a.receiver_phone, a.district, a.address) for a in addresses
    ]


def _address(customer: int, values: Mapping[str, Any]) -> Address:
    place = split(values["address"])
    return Address(
        customer_id=customer,
        receiver_name=values.get("name", ""),
        receiver_phone=values["phone"],
        province=place.province,
        city=place.city,
        district=place.district,
        street=place.street,
        address=place.detail,
        division=place.code,
        zip=place.zip,
    )


def _mail_taken(rows: Sequence[ImportRow]) -> list[Mistake]:
    """The rows whose phone and mail belong to two different customers, or whose mail twice."""
    keys = [_person(row.values).keys for row in rows]
    there = owners(keys)
    phones: dict[Any, int] = {}
    mistakes = []
    for row, own in zip(rows, keys, strict=True):
        whose = {there[key] for key in own if key in there}
        mail = [key for key in own if key[0] == IdentityKind.MAIL]
        twice = any(phones.setdefault(key, row.number) != row.number for key in mail)
        if len(whose) > 1 or twice:
            mistakes.append(
                Mistake(
                    row.number,
                    "mail",
                    row.values.get("mail", ""),
                    _("This mail belongs to another customer."),
                    _("Correct the mail or the phone."),
                )
            )
    return mistakes


CUSTOMERS = Import(
    name="customers",
    title=gettext_lazy("Import customers"),
    lead=gettext_lazy("One row for each customer, told apart by phone."),
    columns=(
        ImportColumn(
            "phone",
            gettext_lazy("Phone"),
            phone_cell,
            required=True,
            aliases=("手机", "手机号", "联系电话", "电话"),
            examples=("13900000001", "13900000002"),
            hint=gettext_lazy("Tells a customer apart."),
        ),
        ImportColumn(
            "name",
            gettext_lazy("Customer's name"),
            cells.text(80),
            required=True,
            aliases=("姓名", "名称", "name", "客户", "客户名称", "收货人"),
            examples=("林一诺", "周示例"),
        ),
        ImportColumn("mail", gettext_lazy("Mail"), mail_cell, aliases=("邮箱", "电子邮箱")),
        ImportColumn(
            "company",
            gettext_lazy("Company"),
            cells.text(120),
            aliases=("公司", "单位名称"),
            examples=("", "示例茶行"),
        ),
        ImportColumn(
            "level",
            gettext_lazy("Class"),
            cells.text(20),
            aliases=("等级", "客户等级", "会员等级"),
            examples=("A", "B"),
        ),
        ImportColumn(
            "tags",
            gettext_lazy("Tags"),
            cells.tags,
            aliases=("标签",),
            examples=("老客,送礼", "批发"),
            hint=gettext_lazy("Parted by commas; they replace the tags that are there."),
        ),
        ImportColumn(
            "address",
            gettext_lazy("Address"),
            cells.text(300),
            aliases=("地址", "收货地址", "详细地址"),
            examples=("浙江省杭州市西湖区北山街道示例路1号", ""),
            hint=gettext_lazy("In one piece; it is split into the divisions by itself."),
        ),
        ImportColumn("remark", gettext_lazy("Remark"), cells.text(1000), aliases=("备注",)),
    ),
    key=("phone",),
    known=_known,
    act=take_customers,
    permission="customers.manage",
    back="customers",
)
