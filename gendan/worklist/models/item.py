"""A work item: something waits for a person, until an instant."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gendan.people.access import Worker, at_shops, at_warehouses
from gendan.people.models import Person, Shop, Warehouse
from gendan.people.permissions import Role


class Kind(models.TextChoices):
    """What waits. The table of owners and hours is in `gendan.worklist.kinds`."""

    HELD = "HELD", _("Held order")
    SHORT = "SHORT", _("Short goods")
    UNPAID = "UNPAID", _("Unpaid order")
    UNCONFIRMED = "UNCONFIRMED", _("Order to read back")
    OBJECTION = "OBJECTION", _("Customer says the order is wrong")
    APPROVAL = "APPROVAL", _("Price approval")
    UNMAPPED = "UNMAPPED", _("Unknown shop code")
    IMPORT = "IMPORT", _("Import with bad rows")
    PLATFORM = "PLATFORM", _("Platform changed an order on its way")
    RECALLED = "RECALLED", _("Recalled shipment")
    WRITE_BACK = "WRITE_BACK", _("Waybill not written back")
    TRACKING = "TRACKING", _("Tracking failed")
    NOT_PICKED_UP = "NOT_PICKED_UP", _("Parcel not picked up")
    NO_MOVEMENT = "NO_MOVEMENT", _("Parcel does not move")
    DELIVERY_FAILED = "DELIVERY_FAILED", _("Delivery failed")
    NOT_SIGNED = "NOT_SIGNED", _("Parcel not signed in time")
    REFUSED = "REFUSED", _("Parcel refused or returned")
    CUSTOMER = "CUSTOMER", _("Customer reports a problem")
    AMENDMENT = "AMENDMENT", _("Amendment to decide")
    TELL_PLATFORM = "TELL_PLATFORM", _("Platform to be told of a change")
    REFUND_DUE = "REFUND_DUE", _("Money to give back")
    INTERCEPTION = "INTERCEPTION", _("Parcel to be intercepted")
    NOT_STOPPED = "NOT_STOPPED", _("Carrier does not intercept the parcel")
    QUESTION = "QUESTION", _("Question about a confirmation")
    SAMPLE = "SAMPLE", _("Sent documents to check")
    CHASE = "CHASE", _("Payment to chase")
    COMBINE = "COMBINE", _("Orders that could go together")
    CHOICE = "CHOICE", _("Customer has not chosen")
    LATE = "LATE", _("Order will be late")
    URGENT = "URGENT", _("Urgent order stands still")
    FINANCE = "FINANCE", _("Finance review")
    LONG_HELD = "LONG_HELD", _("Held too long")
    SOURCING = "SOURCING", _("No warehouse or carrier serves it")
    PUBLISH = "PUBLISH", _("Stock not published")
    RECONCILE = "RECONCILE", _("Shipped and ordered disagree")
    MISTAKE = "MISTAKE", _("Mistake without a cause or an owner")
    MESSAGE = "MESSAGE", _("Message could not be sent")
    JOB = "JOB", _("Background job failed")


class ItemQuerySet(models.QuerySet["Item"]):
    def open(self) -> "ItemQuerySet":
        return self.filter(done_at=None)

    def visible_to(self, worker: Worker) -> "ItemQuerySet":
        """Return the items of the worker's shops and warehouses; some belong to neither."""
        return self.filter(at_shops(worker, or_none=True), at_warehouses(worker, or_none=True))


class Item(models.Model):
    """Something that waits for a person: of a role, about a subject, until `due_at`."""

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    owner = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("owner"), null=True, related_name="+"
    )
    subject = models.CharField(max_length=30)  # "order", "shipment", "shop-code", "import", ...
    subject_id = models.BigIntegerField()
    detail = models.CharField(_("detail"), max_length=120, blank=True)
    facts = models.JSONField(_("facts"), default=dict)
    shop = models.ForeignKey(Shop, models.PROTECT, null=True, related_name="+")
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, null=True, related_name="+")
    priority = models.SmallIntegerField(_("priority"), default=0)
    opened_at = models.DateTimeField(_("opened"))
    due_at = models.DateTimeField(_("due"))
    escalated_at = models.DateTimeField(_("escalated"), null=True)
    done_at = models.DateTimeField(_("done"), null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=200, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("work item")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="item_kind_known"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="item_role_known"),
            models.UniqueConstraint(
                fields=["kind", "subject", "subject_id", "detail"],
                condition=Q(done_at=None),
                name="item_open_once",
            ),
        )
        indexes = (
            # With what the numbers on every page ask for, so that they are counted from it alone.
            models.Index(
                fields=["role", "due_at", "id"],
                include=["kind", "owner", "shop", "warehouse"],
                condition=Q(done_at=None),
                name="item_open_by_role",
            ),
            models.Index(fields=["subject", "subject_id"], name="item_subject"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.subject_id}"
