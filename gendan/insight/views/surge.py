"""The big day: its switch, and where the queue grows."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gendan.insight.forms import BigDayForm
from gendan.insight.queries.surge import counted, narrowest
from gendan.journal.queries import timeline
from gendan.orders.actions import surge
from gendan.orders.models.surge import BigDay
from gendan.orders.queries.surge import big_day, taken_in
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.screening.models import Rule
from gendan.ui.errors import Refused


@allowed("warehouse.surge")
def board(request: StaffRequest) -> HttpResponse:
    """Show the queues, and what is switched; htmx asks for the queues alone."""
    now = timezone.now()
    count = counted(request.user, now=now)
    found = count.queues()
    context = {
        "queues": found,
        "narrowest": narrowest(found),
        "most": max((max(queue.came, queue.went) for queue in found), default=0),
        "warehouses": count.by_warehouse(),
        "shops": count.by_shop(),
        "now": now,
        "on": big_day(),
        "taken_in": taken_in(now),
    }
    if request.htmx:
        return render(request, "insight/_surge.html", context)
    planned = BigDay.objects.filter(began_at=None).order_by("pk")
    over = BigDay.objects.filter(ended_at__isnull=False).order_by("-ended_at")[:5]
    resting = Rule.objects.filter(rests_on_big_days=True, is_on=True)
    return render(
        request,
        "insight/surge.html",
        context | {"planned": planned, "over": over, "resting": resting},
    )


@allowed("warehouse.surge")
def day(request: StaffRequest, pk: int = 0) -> HttpResponse:
    """Show a big day or a new one; save how it goes."""
    found = get_object_or_404(BigDay, pk=pk) if pk else BigDay()
    posted = request.POST if request.method == "POST" else None
    form, complaint = BigDayForm(posted, instance=found), ""
    if posted and form.is_valid():
        try:
            surge.save_big_day(form.save(commit=False), by=request.user)
            return redirect("surge")
        except Refused as refused:
            complaint = refused.sentence
    acts = timeline({"orders_bigday": [found.pk]}) if found.pk else []
    shown = {"day": found, "form": form, "complaint": complaint, "acts": acts}
    return render(request, "insight/big_day.html", shown, status=422 if posted else 200)


@allowed("warehouse.surge")
@require_POST
def switch(request: StaffRequest, pk: int) -> HttpResponse:
    """Begin a big day, or end it, as the button said: somebody else may have been faster."""
    found, now = get_object_or_404(BigDay, pk=pk), timezone.now()
    why = request.POST.get("why", "").strip()
    try:
        if request.POST.get("to") == "on":
            surge.begin(found, by=request.user, now=now, why=why)
            messages.success(request, _("The big day is on."))
        else:
            surge.end(found, by=request.user, now=now, why=why)
            messages.success(request, _("The house works as on any other day."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("surge")
