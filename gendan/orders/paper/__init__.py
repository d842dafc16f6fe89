"""The order as a sheet of paper that its customer reads, checks and confirms."""

from functools import cache
from pathlib import Path

import orjson
import pylopdf_fonts_zh_cn
import segno
import typst
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from gendan.orders.models import Confirmation, Order
from gendan.orders.paper.sheets import Sheet, sheets_of
from gendan.people.queries import merchant

HERE = Path(__file__).parent


def confirmation_pdf(order: Order, link: str = "") -> bytes:
    """Return the order as it is now as a PDF; with a link, also where the customer answers."""
    return sheet_pdf(sheets_of([order])[order.pk], link)


def document_pdf(asked: Confirmation, link: str = "", *, cover: bool = False) -> bytes:
    """Return a document as it was made, with a fax cover page before it if asked for."""
    told = asked.sheet or sheets_of([asked.order])[asked.order_id]
    return sheet_pdf(told, link, _cover(asked) if cover else None)


def sheet_pdf(sheet: Sheet, link: str = "", cover: list[list[str]] | None = None) -> bytes:
    """Return a sheet as a PDF."""
    with override(settings.LANGUAGE_CODE):
        whole = sheet | _answering(link) | {"cover": cover or [], "cover_title": _("Fax")}
    return typst.compile(
        HERE / "confirmation.typ",
        root=HERE,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"sheet": orjson.dumps(whole).decode()},
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(False, False, [Path(pylopdf_fonts_zh_cn.__file__).parent])


def _answering(link: str) -> Sheet:
    code = segno.make(link, error="m", micro=False).matrix if link else ()
    return {
        "link": link,
        "code": [list(row) for row in code],
        "ask_title": _("Is everything right?"),
        "ask": _(
            "Scan the code or open the link: confirm with one tap, or tell us what is wrong. "
            "The link is good for a week."
        ),
    }


def _cover(asked: Confirmation) -> list[list[str]]:
    """Return what stands on the cover: to whom, from whom, about what."""
    house, order = merchant(), asked.order
    with override(settings.LANGUAGE_CODE):
        return [
            [_("To"), order.receiver_name],
            [_("Fax number"), asked.to],
            [_("From"), house.name],
            [_("Phone"), house.phone],
            [_("About"), _("Order confirmation") + " " + order.number],
            [_("Version"), str(asked.version)],
            [_("Date"), timezone.localdate().isoformat()],
            [_("Please"), _("Sign and fax it back if everything is right, or call us.")],
        ]
