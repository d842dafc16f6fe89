"""运费对账: what carriers charged and should have, by month, and parcel by parcel."""

from django.http import HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gendan.channels.reconciling.charges import (
    CarrierMonth,
    as_table,
    carrier_months,
    months_back,
)
from gendan.channels.reconciling.listings import CHARGES
from gendan.insight.workbook import CONTENT_TYPE, workbook
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.listing import list_view


@allowed("delivery.reconcile")
def fees(request: StaffRequest) -> HttpResponseBase:
    """Show what carriers charged; hand the months over as a file."""
    months = carrier_months(request.user, since=months_back(timezone.localdate()))
    if request.GET.get("months") == "xlsx":
        return _file(months)
    context = {
        "months": [(each, _link(each, "over"), _link(each, "under")) for each in months],
    }
    return list_view(
        request, CHARGES, template="channels/reconciling/charges.html", context=context
    )


def _link(month: CarrierMonth, tab: str) -> str:
    asked = f"carrier = {month.code} and on = {month.month:%Y-%m}"
    return f"{reverse('carrier-fees')}?{urlencode({'q': asked, 'tab': tab})}"


def _file(months: list[CarrierMonth]) -> StreamingHttpResponse:
    parts = workbook(_("Carriers' fees"), [as_table(months)])
    answer = StreamingHttpResponse(parts, content_type=CONTENT_TYPE)
    name = f"gendan-carrier-fees-{timezone.localdate()}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
