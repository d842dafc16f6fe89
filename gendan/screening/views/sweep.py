"""The daily sweep of held orders."""

from django.http import HttpResponseBase
from django.utils import timezone

from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.screening.sweep_list import SWEEP
from gendan.screening.sweeping import swept
from gendan.ui.listing import list_view


@allowed("screening.review")
def sweep_page(request: StaffRequest) -> HttpResponseBase:
    """Show what is held: a picture of it, and every hold."""
    fragment = bool(request.htmx) or request.method == "POST"
    shown = {} if fragment else {"swept": swept(request.user, now=timezone.now())}
    return list_view(request, SWEEP, template="screening/sweep.html", context=shown)
