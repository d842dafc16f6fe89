"""A table of parcels, and a list of them, that exist only while these tests run."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.forms import CharField, Form

from gendan.ui.errors import Refused
from gendan.ui.finding import Field, Finder
from gendan.ui.listing import BatchAction, Column, Empty, Link, Listing, Tab


class Parcel(models.Model):
    number = models.CharField(max_length=40)
    shop = models.CharField(max_length=10, default="TM")
    total_fen = models.BigIntegerField(default=0)
    weight_g = models.IntegerField(null=True)
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    urgent = models.BooleanField(default=False)
    tags = ArrayField(models.CharField(max_length=20), default=list)
    note = models.TextField(default="", blank=True)

    objects: ClassVar[models.Manager["Parcel"]] = models.Manager()

    class Meta:
        app_label = "ui_tests"
        managed = False
        db_table = "ui_tests_parcel"

    def __str__(self) -> str:
        return self.number


SHOPS = [("TM", "天猫旗舰店"), ("JD", "京东"), ("OWN", "Own shop")]


def with_note(operator: str, value: Any) -> Q:
    return Q(note="") if operator == "empty" else Q(note=value)


FIELDS = (
    Field("number", "订单号", aliases=("单号",)),
    Field("shop", "店铺", "choice", choices=SHOPS),
    Field("total", "金额", "money", lookup="total_fen"),
    Field("weight", "重量", "weight", lookup="weight_g"),
    Field("placed_at", "下单时间", "instant"),
    Field("paid_at", "付款时间", "instant"),
    Field("due_on", "交期", "date"),
    Field("urgent", "加急", "yesno"),
    Field("tags", "标签", "set"),
    Field("note", "备注", suggest=lambda beginning: [f"{beginning}…"]),
    Field("double", "双倍", "number", expression=F("total_fen") * 2),
    Field("answered", "回答", lookup=with_note),
)
PARCELS = Finder(
    Parcel, FIELDS, quick=lambda text: Q(number__startswith=text) | Q(note__icontains=text)
)


class Person:
    """Somebody with rights."""

    is_authenticated = True

    def __init__(self, pk: int, *rights: str) -> None:
        self.pk = pk
        self.rights = rights

    def may(self, permission: str) -> bool:
        return permission in self.rights


class Note(Form):
    note = CharField()


def mark(rows: Any, *, by: Any, why: str, data: dict[str, Any]) -> str:
    return f"{rows.update(urgent=True)} marked: {why}"


def write(rows: Any, *, by: Any, why: str, data: dict[str, Any]) -> str:
    return f"{rows.update(note=data['note'])} written"


def fail(rows: Any, *, by: Any, why: str, data: dict[str, Any]) -> str:
    rows.update(note="half done")
    raise Refused("这些订单已经发货，不能再改。")


LISTING = Listing(
    name="parcels",
    title="Parcels",
    rows=lambda person: Parcel.objects.filter(total_fen__gte=0),
    finder=PARCELS,
    columns=(
        Column("number", "订单号", kind="code", sort="number", mobile=1),
        Column("shop", "店铺", sort="shop", tone=lambda parcel: "info"),
        Column("total_fen", "金额", kind="money", sort="total_fen"),
        Column("placed_at", "下单时间", kind="instant", sort="placed_at"),
        Column("paid_at", "付款时间", kind="instant", sort="paid_at", visible=False),
        Column("note", "备注", mobile=3),
    ),
    sort="-placed_at",
    tabs=(
        Tab("all", "全部"),
        Tab("urgent", "加急", Q(urgent=True)),
        Tab("large", "大单", "金额 > 100"),
    ),
    actions=(
        BatchAction("mark", "加急", "parcels.mark", mark, needs_why=True),
        BatchAction("write", "备注", "parcels.mark", write, form=Note),
        BatchAction("fail", "改", "parcels.mark", fail),
        BatchAction("never", "删", "parcels.delete", fail),
    ),
    url=lambda parcel: f"/parcels/{parcel.pk}/",
    links=(Link("开单", "/parcels/new/"),),
    may_export="parcels.export",
    empty=Empty("没有包裹", "导入订单后会出现在这里。"),
)
