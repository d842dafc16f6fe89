"""The answer to a box that completes conditions, as `ui/list.js` reads it."""

import json

from django.http import HttpRequest, HttpResponse

from gendan.ui.finding.finder import Finder


def completed(request: HttpRequest, finder: Finder) -> HttpResponse:
    """Offer what could be written at the cursor of the box."""
    text, cursor = request.GET["complete"], request.GET.get("cursor", "")
    at = int(cursor) if cursor.isascii() and cursor.isdecimal() and len(cursor) < 6 else len(text)
    offers = [
        {
            "text": text[: offer.start] + offer.text + text[offer.end :].lstrip(),
            "cursor": offer.start + len(offer.text),
            "label": offer.label,
            "detail": offer.detail,
        }
        for offer in finder.complete(text, at)
    ]
    return HttpResponse(json.dumps(offers), content_type="application/json")
