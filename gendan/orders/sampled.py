"""The list of documents drawn for quality checks."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gendan.journal.actors import Actor
from gendan.orders.actions.sample import judge
from gendan.orders.finding import PATHS
from gendan.orders.models import Fault, Sample, SampleFault
from gendan.orders.queries.faults import WRONG
from gendan.ui.finding import Field, Finder
from gendan.ui.finding.fields import listed
from gendan.ui.listing import BatchAction, Column, Empty, Listing, Tab

OPEN = Q(judged_at=None)


def _rows(person: Any) -> "QuerySet[Sample]":
    rows = Sample.objects.visible_to(person).prefetch_related("faults")
    return rows.select_related("confirmation__order__shop", "confirmation__made_by", "judged_by")


def _of_faults(path: str) -> Callable[[str, Any], Q]:
    """Answer a comparison with what any fault of the document says."""

    def answer(operator: str, value: Any) -> Q:
        faults = SampleFault.objects.filter(sample=OuterRef("pk"))
        if operator == "empty":
            return ~Q(Exists(faults))
        return Q(Exists(faults.filter(**{f"{path}__{PATHS[operator]}": value})))

    return answer


def _quick(text: str) -> Q:
    return Q(confirmation__order__number__icontains=text) | _of_faults("words")("~", text)


def _right(rows: Any, *, by: Actor, why: str, data: Any) -> str:
    chosen = Sample.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
    number = judge(chosen, by=by, now=timezone.now()).count()
    return ngettext("%(n)d document is right", "%(n)d documents are right", number) % {"n": number}


def _result(sample: Sample) -> str:
    if sample.judged_at is None:
        return str(_("To check"))
    kinds = listed(str(fault.get_kind_display()) for fault in sample.faults.all())
    return kinds or str(_("Right"))


def _words(sample: Sample) -> str:
    return "；".join(fault.words for fault in sample.faults.all())


def _tone(sample: Sample) -> str:
    if sample.judged_at is None:
        return "warn"
    return "bad" if sample.faults.all() else "good"


SAMPLES = Listing(
    name="samples",
    title=_("Sent documents to check"),
    lead=_("Each Monday some of last week's documents are drawn; compare them with their orders."),
    rows=_rows,
    finder=Finder(
        Sample,
        (
            Field("number", _("order number"), lookup="confirmation__order__number"),
            Field("week", _("week of"), "date"),
            Field("fault", _("fault"), "choice", lookup=_of_faults("kind"), choices=Fault.choices),
            Field("made_by", _("made by"), lookup="confirmation__made_by__name"),
            Field("words", _("what was found"), lookup=_of_faults("words")),
        ),
        quick=_quick,
    ),
    columns=(
        Column(
            "number", _("Order number"), value="confirmation.order.number", kind="code", mobile=1
        ),
        Column("week", _("Week of"), kind="day", sort="week"),
        Column("made_by", _("Made by"), value="confirmation.made_by.name"),
        Column("sent_at", _("Sent"), value="confirmation.sent_at", kind="instant"),
        Column("result", _("Result"), value=_result, tone=_tone, note=_words, export=False),
        Column("judged_by", _("Checked by"), value="judged_by.name", mobile=3),
    ),
    sort="-week",
    tabs=(
        Tab("open", _("To check"), OPEN),
        Tab("faults", _("Faults"), Q(WRONG)),
        Tab("right", _("Right"), ~OPEN & ~Q(WRONG)),
        Tab("all", _("All")),
    ),
    actions=(BatchAction("right", _("All right"), "orders.sample", _right, icon="check"),),
    url=lambda sample: reverse("sample", args=[sample.pk]),
    permission="orders.sample",
    icon="check",
    empty=Empty(
        _("Nothing was drawn"),
        _("On Monday morning documents are drawn from what was sent in the week before."),
        "check",
    ),
)
