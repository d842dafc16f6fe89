"""An order's page: where it stands, whose turn it is, what the next step is, and all about it."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from gendan.journal.queries import PAGE, timeline
from gendan.orders.forms.typed import whole
from gendan.orders.listing import tone
from gendan.orders.models import Order
from gendan.orders.paper import confirmation_pdf
from gendan.orders.queries import Standing, standing
from gendan.orders.views.request import order_of
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest


@allowed("orders.see")
def order(request: StaffRequest, number: str) -> HttpResponse:
    """Show the page, or the part of it that htmx refreshes."""
    found = order_of(request, number)
    stands = standing(found, request.user)
    context = {
        "order": found,
        "standing": stands,
        "tone": tone(found),
        "now": timezone.now(),
        **_history(number, stands, None),
    }
    fragment = request.headers.get("HX-Target") == "order"
    answer = render(request, "orders/_order.html" if fragment else "orders/order.html", context)
    answer["Vary"] = "HX-Request, HX-Target"
    return answer


@allowed("orders.see")
def numbered(request: StaffRequest, pk: int) -> HttpResponse:
    """Go to the page of an order known by its id, as work items know it."""
    found = get_object_or_404(Order.objects.visible_to(request.user), pk=pk)
    return HttpResponseRedirect(reverse("order", args=[found.number]))


@allowed("orders.see")
def older(request: StaffRequest, number: str) -> HttpResponse:
    """Show older acts of the timeline."""
    found = order_of(request, number)
    before = whole(request.GET.get("before", ""))
    context = _history(number, standing(found, request.user), before)
    return render(request, "journal/timeline.html", context)


@allowed("orders.confirm")
def confirmation(request: StaffRequest, number: str) -> HttpResponse:
    """Hand out the order as the PDF that the customer gets."""
    found = order_of(request, number)
    answer = HttpResponse(confirmation_pdf(found), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return answer


def _history(number: str, stands: Standing, before: int | None) -> dict[str, object]:
    acts = timeline(stands.subjects, before=before)
    more = reverse("order-timeline", args=[number])
    older = f"{more}?before={acts[-1].entry.pk}" if len(acts) == PAGE else ""
    return {"acts": acts, "more_url": older}
