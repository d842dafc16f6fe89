"""The page behind the box at the top."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from gendan.insight.search import search
from gendan.people.access import signed_in
from gendan.people.requests import StaffRequest


@require_safe
@signed_in
def search_page(request: StaffRequest) -> HttpResponseBase:
    """Show what was found; go straight to it if it is one thing only."""
    text = request.GET.get("q", "").strip()
    groups = search(text, request.user)
    hits = [hit for group in groups for hit in group.hits]
    if len(hits) == 1:
        return redirect(hits[0].url)
    context = {"search_words": text, "groups": groups}
    return render(request, "insight/search.html", context)
