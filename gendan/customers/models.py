"""Customers, the names by which channels know them, and their addresses."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Right, Upper
from django.utils.translation import gettext_lazy as _

from gendan.people.models import Person


class Customer(models.Model):
    """Somebody who buys."""

    name = models.CharField(_("name"), max_length=80)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    mail = models.EmailField(_("mail"), blank=True)
    company = models.CharField(_("company"), max_length=120, blank=True)
    level = models.CharField(_("class"), max_length=20, blank=True)
    tags = ArrayField(models.CharField(max_length=20), verbose_name=_("tags"), default=list)
    remark = models.TextField(_("remark"), blank=True)
    blacklisted_at = models.DateTimeField(_("blacklisted"), null=True)
    blacklist_reason = models.CharField(_("reason for blacklisting"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("known since"), auto_now_add=True)

    class Meta:
        verbose_name = _("customer")
        indexes = (
            models.Index(fields=["phone"], name="customer_phone"),
            models.Index(fields=["name"], name="customer_name", opclasses=["text_pattern_ops"]),
            models.Index(Right("phone", 4), name="customer_phone_end"),
            models.Index(fields=["company"], name="customer_company", condition=~Q(company="")),
            GinIndex(fields=["tags"], name="customer_tags", condition=~Q(tags=[])),
            models.Index(
                fields=["id"],
                name="customer_blacklisted",
                condition=Q(blacklisted_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.name


class IdentityKind(models.TextChoices):
    PHONE = "PHONE", _("Phone")
    MAIL = "MAIL", _("Mail")
    PLATFORM = "PLATFORM", _("Platform account")


class Identity(models.Model):
    """A name by which a channel knows a customer; it belongs to one customer only.

    Customers stay, so the key of one is not looked up here, nor in an address (docs/adr/0018).
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="identities")
    kind = models.CharField(max_length=10, choices=IdentityKind.choices)
    scope = models.CharField(max_length=12, blank=True)  # the platform, for platform accounts
    value = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("identity")
        constraints = (
            models.UniqueConstraint(fields=["kind", "scope", "value"], name="identity_once"),
            models.CheckConstraint(
                condition=Q(kind__in=IdentityKind.values), name="identity_kind_known"
            ),
        )
        indexes = (
            models.Index(Upper("value"), name="identity_account", condition=~Q(kind="PHONE")),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class Place(models.Model):
    """A receiver's name, phone and address, split by the official divisions."""

    receiver_name = models.CharField(_("receiver"), max_length=80, blank=True)
    receiver_phone = models.CharField(_("receiver's phone"), max_length=40, blank=True)
    province = models.CharField(_("province"), max_length=40, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    district = models.CharField(_("district"), max_length=60, blank=True)
    street = models.CharField(_("street"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    division = models.CharField(_("division code"), max_length=12, blank=True)
    zip = models.CharField(_("postcode"), max_length=10, blank=True)

    class Meta:
        abstract = True

    @property
    def full_address(self) -> str:
        parts = dict.fromkeys((self.province, self.city, self.district, self.street))
        return "".join(parts) + self.address


class Address(Place):
    """An address of a customer."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="addresses")
    is_default = models.BooleanField(_("default"), default=False)
    used_at = models.DateTimeField(_("last used"), auto_now=True)

    class Meta:
        verbose_name = _("address")

    def __str__(self) -> str:
        return self.full_address


class CustomerUnmasking(models.Model):
    """Somebody looked at a customer's personal data in full; the journal keeps who and why."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="unmaskings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    until_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("look at personal data")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.person_id}"
