"""What a customer asks about an order that was sent back to them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gendan.desk.models import Channel, Message
from gendan.orders.models.confirmation import Confirmation
from gendan.orders.models.order import Order
from gendan.people.access import Worker, at_shops


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, worker: Worker) -> "QuestionQuerySet":
        """Return the questions about orders of the shops that the worker sees."""
        return self.filter(at_shops(worker, "order__shop"))

    def open(self) -> "QuestionQuerySet":
        return self.filter(answered_at=None)


class Question(models.Model):
    """A question, until it is answered; the answer is a message."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="questions")
    confirmation = models.ForeignKey(
        Confirmation, models.PROTECT, null=True, related_name="questions"
    )
    channel = models.CharField(_("channel"), max_length=6, choices=Channel.choices)
    words = models.TextField(_("the customer's words"))
    asked_at = models.DateTimeField(_("asked"))
    answer = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        constraints = (
            models.CheckConstraint(condition=~Q(words=""), name="question_asks_something"),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="question_channel_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.words[:40]}"
