"""Cells of the list of orders that say more than one value."""

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.ui.templatetags.ui import badge, clock, icon, moment

NO_LONGER_DUE = (Stage.DRAFT, Stage.COMPLETED, Stage.CANCELLED)
SOON = 4 * 3600


def number_cell(order: Order) -> SafeString:
    """Write the number with what makes the order special: urgent, COD, flagged, with a remark."""
    marks = []
    if order.priority > 0:
        marks.append(badge(_("Urgent"), "bad"))
    if order.is_cod:
        marks.append(badge(_("COD"), "info"))
    if order.flag:
        marks.append(icon("flag"))
    if order.buyer_remark or order.seller_remark:
        marks.append(icon("chat", _("Has a remark")))
    number = f'<span class="code">{escape(order.number)}</span>'
    return SafeString(" ".join((number, *marks)))


def promise_cell(order: Order) -> str:
    """Write until when the order is promised; the time that is left while that matters."""
    if order.promise_at is None:
        return ""
    return (
        moment(order.promise_at) if order.stage in NO_LONGER_DUE else clock(order.promise_at, SOON)
    )
