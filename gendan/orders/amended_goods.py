"""What becomes of gifts and sets when an order is changed: they are recomputed in the same act."""

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from gendan.orders.actions.complete_goods import complete_goods
from gendan.orders.amending.following import Act, Moment, Told, explain, follow
from gendan.orders.models import GiftLine
from gendan.orders.stages import Stage

ASKED = (Stage.SCREENING, Stage.HELD)

explain(
    {
        "GIFT_COMES": Told(_("It gets a gift: %(gift)s."), "good", "gift"),
        "GIFT_GOES": Told(_("It no longer earns a gift: %(gift)s."), "warn", "gift"),
    }
)


@follow(Moment.MOVED)
def complete(act: Act) -> None:
    """Give gifts and explode sets anew before the rules are asked; nothing is promised any more."""
    chosen = act.those(lambda change: (change.goes or change.was) in ASKED)
    if not chosen:
        return
    before = _gifts(chosen)
    complete_goods(list(chosen), by=act.by, now=act.now)
    after = _gifts(chosen)
    for order, gift in sorted((after - before).elements()):
        chosen[order].follows("GIFT_COMES", gift=gift)
    for order, gift in sorted((before - after).elements()):
        chosen[order].follows("GIFT_GOES", gift=gift)


def _gifts(orders: Iterable[int]) -> Counter[tuple[int, str]]:
    given = GiftLine.objects.filter(
        order_id__any=list(orders), taken_back_at=None, line__is_cancelled=False
    )
    rows = given.values_list("order_id", "line__title", "quantity")
    return Counter((order, f"{title} × {number}") for order, title, number in rows)
