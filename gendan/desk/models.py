"""Scripts, and the messages that are made of them."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gendan.customers.models import Customer
from gendan.people.access import Worker, at_shops
from gendan.people.models import Person, Shop
from gendan.ui.wording import in_own_words


class Topic(models.TextChoices):
    """What a message is about; a later room carries out its answers (`answers.py`)."""

    CHECK = "CHECK", _("Checking the order")
    SEND_BACK = "SEND_BACK", _("Sending the order back")
    CHASE = "CHASE", _("Chasing payment")
    AMENDMENT = "AMENDMENT", _("Changing the order")
    SHORTAGE = "SHORTAGE", _("Short goods")
    DELAY = "DELAY", _("Another date")
    OTHER = "OTHER", pgettext_lazy("a topic", "Other")


class Channel(models.TextChoices):
    MAIL = "MAIL", _("Mail")
    CHAT = "CHAT", _("Chat")
    PHONE = "PHONE", _("Phone")
    PRINT = "PRINT", _("Print")
    FAX = "FAX", _("Fax")


class State(models.TextChoices):
    DRAFT = "DRAFT", _("To send")
    SENDING = "SENDING", _("Being sent")
    SENT = "SENT", _("Sent")
    FAILED = "FAILED", _("Not sent")
    ANSWERED = "ANSWERED", _("Answered")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


ASKED_AT = (State.SENDING, State.SENT)  # the customer may have it, and can answer


class Script(models.Model):
    """Words for an occasion (话术); `{names}` in it are filled with an order's own values."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices)
    reason = models.CharField(_("reason"), max_length=40, blank=True)  # within the topic
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    text = models.TextField(_("text"))
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_on = models.BooleanField(_("on"), default=True)
    is_built_in = models.BooleanField(_("built in"), default=False)

    class Meta:
        verbose_name = _("script")
        ordering = ("topic", "position", "code")
        constraints = (
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="script_topic_known"),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its name in the language of the reader."""
        return in_own_words(self.name, self.name_en)


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, worker: Worker) -> "MessageQuerySet":
        """Return the messages of the shops that the worker sees."""
        return self.filter(at_shops(worker))

    def about(self, subject: str, *ids: int) -> "MessageQuerySet":
        """Return the messages about these subjects."""
        return self.filter(subject=subject, subject_id__any=list(ids))


class Message(models.Model):
    """Something said to a customer about a subject, and what they answered."""

    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices)
    channel = models.CharField(_("channel"), max_length=6, choices=Channel.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    subject = models.CharField(max_length=30)  # "order", "shipment", as of a work item
    subject_id = models.BigIntegerField()
    number = models.CharField(_("number"), max_length=60, blank=True)  # of the subject
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="messages")
    script = models.ForeignKey(Script, models.PROTECT, null=True, related_name="+")
    to = models.CharField(_("to"), max_length=254, blank=True)  # mail, phone, account
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("text"))
    choices = models.JSONField(_("choices"), default=list)  # [{"code": …, "label": …, …}]
    facts = models.JSONField(_("facts"), default=dict)  # what the room of the topic needs to know
    made_at = models.DateTimeField(_("written"))
    closes_at = models.DateTimeField(_("answer until"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    sent_by = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("sent by"), null=True, related_name="+"
    )
    answer = models.CharField(_("answer"), max_length=40, blank=True)
    words = models.TextField(_("the customer's words"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        constraints = (
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="message_topic_known"),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="message_channel_known"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state_known"),
            models.CheckConstraint(
                condition=Q(state="ANSWERED", answered_at__isnull=False)
                | (~Q(state="ANSWERED") & Q(answer="", answered_at=None)),
                name="message_answered_once",
            ),
        )
        indexes = (
            models.Index(fields=["subject", "subject_id"], name="message_subject"),
            models.Index(fields=["state", "id"], name="message_state"),
            models.Index(fields=["customer", "id"], name="message_customer"),
        )

    def __str__(self) -> str:
        return f"{self.get_topic_display()} {self.number}"

    @property
    def chosen(self) -> str:
        """What the customer chose, as it was said to them."""
        labels = {each["code"]: each["label"] for each in self.choices}
        return str(labels.get(self.answer, self.answer))

    def is_asked(self, now: datetime) -> bool:
        """Say whether the customer can still choose."""
        is_over = self.closes_at is not None and self.closes_at < now
        return self.state in ASKED_AT and not is_over
