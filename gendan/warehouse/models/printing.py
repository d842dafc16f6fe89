"""The print ledger: every page that was printed, for which shipment, and why again."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gendan.people.models import Person
from gendan.warehouse.models.shipment import Shipment
from gendan.warehouse.models.wave import Wave


class Paper(models.TextChoices):
    PICK_LIST = "PICK_LIST", _("Pick list")
    NOTE = "NOTE", _("Delivery note")
    WAYBILL = "WAYBILL", pgettext_lazy("paper", "Waybill")


class PrintJob(models.Model):
    """One PDF: what it holds, who asked, where it went."""

    wave = models.ForeignKey(Wave, models.PROTECT, null=True, related_name="print_jobs")
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(_("asked"), db_default=Now())
    printer = models.CharField(_("printer"), max_length=60, blank=True)
    file = models.CharField(max_length=200, blank=True)
    pages_total = models.PositiveIntegerField(_("pages"), default=0)
    pages_done = models.PositiveIntegerField(_("pages ready"), default=0)
    ready_at = models.DateTimeField(_("ready"), null=True)
    failed = models.CharField(_("failed because"), max_length=300, blank=True)
    acknowledged_at = models.DateTimeField(_("came out of the printer"), null=True)

    class Meta:
        verbose_name = _("print job")

    def __str__(self) -> str:
        return f"#{self.pk}"


class PrintPage(models.Model):
    """One printed document. The table only grows; a copy above 1 is a reprint with a reason."""

    job = models.ForeignKey(PrintJob, models.PROTECT, related_name="pages")
    page = models.PositiveIntegerField(_("page"))
    paper = models.CharField(_("paper"), max_length=10, choices=Paper.choices)
    shipment = models.ForeignKey(Shipment, models.PROTECT, null=True, related_name="printed_pages")
    copy = models.PositiveSmallIntegerField(_("copy"), default=1)
    why = models.CharField(_("reason for printing again"), max_length=200, blank=True)
    at = models.DateTimeField(_("printed"), db_default=Now())

    class Meta:
        verbose_name = _("printed page")
        constraints = (
            models.UniqueConstraint(
                fields=["shipment", "paper", "copy"], name="printed_page_copy_once"
            ),
            models.CheckConstraint(
                condition=Q(copy=1) | ~Q(why=""), name="printed_page_again_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(paper__in=Paper.values), name="printed_page_paper_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.paper} {self.shipment_id} #{self.copy}"
