"""Rows that were read and wait to become orders; gone once they have. No journal."""

from datetime import datetime

from django.db import models


def _word(length: int) -> "models.CharField[str, str]":
    return models.CharField(max_length=length, default="", db_default="")


def _fen() -> "models.BigIntegerField[int | None, int | None]":
    return models.BigIntegerField(null=True)


def _at() -> "models.DateTimeField[datetime | None, datetime | None]":
    return models.DateTimeField(null=True)


class StagedOrder(models.Model):
    """What consecutive rows of a file say of one order."""

    file_id = models.BigIntegerField()
    row = models.IntegerField()
    platform_order = _word(60)
    state = _word(10)
    raw_status = _word(120)
    modified_at = _at()
    placed_at = _at()
    paid_at = _at()
    shipped_at = _at()
    finished_at = _at()
    buyer = _word(120)
    mail = _word(254)
    receiver_name = _word(80)
    receiver_phone = _word(40)
    phone_key = _word(40)
    raw_address = _word(500)
    province = _word(40)
    city = _word(60)
    district = _word(60)
    street = _word(60)
    address = _word(300)
    division = _word(12)
    zip = _word(10)
    place_key = _word(64)
    hidden = models.BooleanField(default=False)
    discount_fen = _fen()
    postage_fen = _fen()
    payable_fen = _fen()
    paid_fen = _fen()
    method = _word(10)
    is_cod = models.BooleanField(default=False)
    buyer_remark = models.TextField(default="")
    seller_remark = models.TextField(default="")
    flag = models.PositiveSmallIntegerField(default=0)
    instruction = _word(12)
    instruction_text = _word(300)
    close_reason = _word(200)
    latest_at = _at()

    class Meta:
        indexes = (
            models.Index(fields=["file_id", "platform_order"], name="staged_order_of_file"),
            models.Index(fields=["platform_order"], name="staged_order_number"),
        )

    def __str__(self) -> str:
        return self.platform_order


class StagedLine(models.Model):
    """What a row says of one kind of goods."""

    file_id = models.BigIntegerField()
    row = models.IntegerField()
    platform_order = _word(60)
    key = _word(80)
    is_own_key = models.BooleanField(default=False)  # the platform gave no sub-order number
    title = _word(300)
    spec = _word(300)
    code = _word(200)
    quantity = models.IntegerField()
    total_fen = models.BigIntegerField()
    payable_fen = _fen()
    postage_fen = _fen()
    state = _word(10)
    refund = _word(10)
    is_gift = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["file_id", "platform_order"], name="staged_line_of_file"),
            models.Index(fields=["platform_order"], name="staged_line_number"),
        )

    def __str__(self) -> str:
        return f"{self.platform_order} {self.key}"
