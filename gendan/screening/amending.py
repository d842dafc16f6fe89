"""What this room does when orders are changed: the rules are asked again, in the same act."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from gendan.orders.amending.following import Act, Moment, Told, explain, follow
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.screening.actions.screen import rescreen
from gendan.screening.models import Hold, Rule
from gendan.screening.onward import HOLDING

HERE = (Stage.SCREENING, Stage.HELD)

explain(
    {
        "HELD": Told(_("A rule holds it for a reviewer: %(rules)s."), "warn", "hold"),
        "PASSED": Told(_("It passes screening again: no rule holds it."), "good", "check"),
    },
    {"rules": lambda codes: "、".join(_named(codes))},
)


@follow(Moment.MOVED)
def ask_again(act: Act) -> None:
    """Screen those that have come back, and those that were here."""
    asked = act.those(lambda change: (change.goes or change.was) in HERE)
    if not asked:
        return
    rescreen(Order.objects.numbered(asked), by=act.by, now=act.now)
    open_now = Hold.objects.filter(order_id__any=list(asked), cleared_at=None, severity__in=HOLDING)
    holds: dict[int, list[str]] = {}
    for order, rule in open_now.order_by("rule__position", "pk").values_list("order", "rule__code"):
        holds.setdefault(order, []).append(rule)
    for pk, change in asked.items():
        if pk in holds:
            change.follows("HELD", rules=holds[pk])
        else:
            change.follows("PASSED")


def _named(codes: Iterable[str]) -> list[str]:
    known = {rule.code: rule.label for rule in Rule.objects.filter(code__in=list(codes))}
    return [str(known.get(code, code)) for code in codes]
