"""The page that shows every component of the house, with made-up data."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

SPRITE = Path(__file__).parent / "static" / "ui" / "icons.svg"


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=gettext_lazy("Recipient"), initial="张三")
    phone = forms.CharField(label=gettext_lazy("Phone"), help_text=gettext_lazy("Mobile or fixed."))
    carrier = forms.ChoiceField(
        label=gettext_lazy("Carrier"), choices=[("SF", "顺丰"), ("ZTO", "中通")], required=False
    )
    promised_on = forms.DateField(
        label=gettext_lazy("Promise date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    amount = forms.DecimalField(label=gettext_lazy("Amount"), initial="128.00")
    weight_g = forms.IntegerField(label=gettext_lazy("Weight"), initial=520, required=False)
    payment = forms.ChoiceField(
        label=gettext_lazy("Payment"),
        choices=[("WECHAT", "微信"), ("ALIPAY", "支付宝"), ("CASH", "现金")],
        widget=forms.RadioSelect,
        initial="WECHAT",
    )
    no_price = forms.BooleanField(label=gettext_lazy("No price in the parcel"), required=False)
    remark = forms.CharField(
        label=gettext_lazy("Remark for the warehouse"), required=False, widget=forms.Textarea
    )


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    now = timezone.now()
    return render(
        request,
        "ui/components.html",
        {
            "form": SampleForm(data={"name": "张三", "phone": "", "payment": "WECHAT"}),
            "tones": ["neutral", "info", "good", "warn", "bad", "muted"],
            "clocks": [now + timedelta(seconds=s) for s in (200_000, 5_400, 480, -754)],
            "moments": [now - timedelta(seconds=s) for s in (20, 200, 9_000, 200_000, 9_000_000)],
            "steps": _steps(now),
            "rows": _rows(now),
            "week": list(zip("一二三四五六日", (212, 248, 190, 301, 277, 355, 164), strict=True)),
            "icons": icon_names(),
        },
    )


def _steps(now: datetime) -> list[dict[str, Any]]:
    return [
        {"label": _("Placed"), "state": "done", "at": now - timedelta(hours=30)},
        {"label": _("Paid"), "state": "done", "at": now - timedelta(hours=29)},
        {"label": _("Screened"), "state": "done", "at": now - timedelta(hours=26)},
        {"label": _("Reserved"), "state": "now", "note": "2 / 3"},
        {"label": _("Packed"), "state": "todo"},
        {"label": _("Shipped"), "state": "todo"},
        {"label": _("Received"), "state": "todo"},
    ]


def _rows(now: datetime) -> list[dict[str, Any]]:
    samples = [
        ("GD2611210017", "明前龙井 特级 250g", 1, 46_800, "HELD", "bad", 480),
        ("GD2611210016", "手工牛皮短款钱包 棕色", 2, 71_600, "SCREENING", "warn", 5_400),
        ("GD2611210015", "凤凰单丛 蜜兰香 礼盒", 1, 32_900, "SHORT", "warn", -754),
        ("GD2611210014", "白瓷盖碗 三才 150ml", 4, 23_600, "ALLOCATED", "info", 86_000),
        ("GD2611210013", "斜挎邮差包 深蓝 大号", 1, 128_000, "COMPLETED", "good", 172_000),
    ]
    return [
        {
            "number": number,
            "goods": goods,
            "quantity": quantity,
            "amount_fen": amount_fen,
            "stage": stage,
            "tone": tone,
            "due_at": now + timedelta(seconds=left),
        }
        for number, goods, quantity, amount_fen, stage, tone, left in samples
    ]


def icon_names() -> list[str]:
    """Return the names of all icons, in the order in which they are drawn."""
    return re.findall(r'<symbol id="([\w-]+)"', SPRITE.read_text())
