"""Documents drawn each week from what was sent to customers, to see whether they were right."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gendan.orders.models.confirmation import Confirmation
from gendan.people.access import Worker, at_shops
from gendan.people.models import Person


def monday_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


class Sampling(models.Model):
    """How many documents are drawn: a share of them, but not fewer than some."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    percent = models.PositiveSmallIntegerField(_("percent of what was sent"), default=5)
    at_least = models.PositiveSmallIntegerField(_("at least"), default=5)

    class Meta:
        verbose_name = _("rule of sampling")
        constraints = (
            models.CheckConstraint(
                condition=Q(id=1, percent__lte=100), name="sampling_one_rule_up_to_all"
            ),
        )

    def __str__(self) -> str:
        return f"{self.percent} %"


class Fault(models.TextChoices):
    """What was wrong with a document; the five kinds of the trade, by what they are about."""

    RECEIVER = "RECEIVER", _("Receiver or address")
    GOODS = "GOODS", _("Goods or specification")
    QUANTITY = "QUANTITY", _("Quantity")
    PRICE = "PRICE", _("Price or amount")
    DATE = "DATE", _("Date")
    REQUEST = "REQUEST", _("A request was left out")
    CARE = "CARE", _("Care instructions")
    OTHER = "OTHER", _("Something else")


class SampleQuerySet(models.QuerySet["Sample"]):
    def visible_to(self, worker: Worker) -> "SampleQuerySet":
        """Return the samples of orders of the shops that the worker sees."""
        return self.filter(at_shops(worker, "confirmation__order__shop"))


class Sample(models.Model):
    """One drawn document; what was wrong with it stands in its `faults`."""

    week = models.DateField(_("week of"))  # its Monday
    confirmation = models.OneToOneField(Confirmation, models.PROTECT, related_name="sample")
    judged_at = models.DateTimeField(_("checked"), null=True)
    judged_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = SampleQuerySet.as_manager()

    class Meta:
        verbose_name = _("sample")
        indexes = (models.Index(fields=["week", "id"], name="sample_week"),)

    def __str__(self) -> str:
        return f"{self.week} {self.confirmation_id}"


class SampleFault(models.Model):
    """One thing that was wrong with a drawn document: a kind of fault once, with what it was."""

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="faults")
    kind = models.CharField(_("fault"), max_length=8, choices=Fault.choices)
    words = models.CharField(_("what was found"), max_length=500)

    class Meta:
        verbose_name = _("fault of a document")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["sample", "kind"], name="sample_fault_once"),
            models.CheckConstraint(condition=Q(kind__in=Fault.values), name="sample_fault_known"),
            models.CheckConstraint(condition=~Q(words=""), name="sample_fault_in_words"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.words}"
