"""The reading back of an order to its customer, and the answer."""

from django.db import models
from django.db.models import CharField, F, Func, Q
from django.utils.translation import gettext_lazy as _

from gendan.desk.models import Channel, Message
from gendan.orders.models.order import Order
from gendan.people.access import Worker, at_shops
from gendan.people.models import Person


class Answer(models.TextChoices):
    WAITING = "WAITING", _("Not answered")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    OBJECTED = "OBJECTED", _("Something is wrong")
    REPLACED = "REPLACED", _("Replaced")  # the order was changed before an answer came


class Said(Func):
    """What a document of an order says now, as a digest: two that say the same have the same."""

    function = "orders_said"
    output_field = CharField()


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def visible_to(self, worker: Worker) -> "ConfirmationQuerySet":
        """Return the confirmations of orders of the shops that the worker sees."""
        return self.filter(at_shops(worker, "order__shop"))

    def current(self) -> "ConfirmationQuerySet":
        """Return those that still say what their order says; none knew it in older versions."""
        return self.filter(Q(digest="") | Q(digest=Said("order_id")))

    def outdated(self) -> "ConfirmationQuerySet":
        """Return those whose order was changed since."""
        return self.exclude(digest="").exclude(digest=Said("order_id"))


class Confirmation(models.Model):
    """A document of an order on its way to the customer, or what they said of it.

    `digest` says which content it has, `version` counts the contents of its order, and `sheet` is
    the document itself, as it was; what was said on the phone has none.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="confirmations")
    channel = models.CharField(
        _("channel"), max_length=6, choices=Channel.choices, default=Channel.MAIL
    )
    mail = models.EmailField(_("mail"), blank=True)
    to = models.CharField(_("to"), max_length=60, blank=True)  # fax number, or account of the chat
    digest = models.CharField(max_length=32, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    sheet = models.JSONField(null=True)
    made_at = models.DateTimeField(_("made"), null=True)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("sent"), null=True)
    answer = models.CharField(
        _("answer"), max_length=10, choices=Answer.choices, default=Answer.WAITING
    )
    answered_at = models.DateTimeField(_("answered"), null=True)
    words = models.TextField(_("the customer's words"), blank=True)
    message = models.ForeignKey(
        Message, models.PROTECT, verbose_name=_("message"), null=True, related_name="+"
    )

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation")
        constraints = (
            models.CheckConstraint(
                condition=Q(answer__in=Answer.values), name="confirmation_answer_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="confirmation_channel_known"
            ),
        )
        indexes = (
            models.Index(
                F("sent_at").desc(nulls_last=True), F("id").desc(), name="confirmation_sent"
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.answer}"
