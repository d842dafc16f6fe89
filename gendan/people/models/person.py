"""The people who work here."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from gendan.journal.models import ActorKind
from gendan.people.permissions import Role, granted

PASSWORD_AGE = timedelta(days=90)


class PersonQuerySet(models.QuerySet["Person"]):
    def with_role(self, role: str) -> "PersonQuerySet":
        return self.filter(roles__contains=[role], is_active=True)


class PersonManager(BaseUserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> "Person":
        person: Person = self.get(username=username)
        return person


class Person(AbstractBaseUser):
    """A colleague: signs in, has roles, and sees the shops and warehouses they work for."""

    username = models.CharField(_("sign-in name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=60)
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), verbose_name=_("roles"), default=list
    )
    shop_ids = ArrayField(
        models.BigIntegerField(), verbose_name=_("shops"), null=True, blank=True
    )  # none: every shop
    warehouse_ids = ArrayField(
        models.BigIntegerField(), verbose_name=_("warehouses"), null=True, blank=True
    )  # none: every warehouse
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    mail = models.EmailField(_("mail"), blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    discount_limit = models.PositiveSmallIntegerField(_("discount limit (%)"), default=5)
    is_active = models.BooleanField(_("active"), default=True)
    password_changed_at = models.DateTimeField(_("password changed"), null=True)
    must_change_password = models.BooleanField(_("must change password"), default=False)
    failed_sign_ins = models.PositiveSmallIntegerField(_("failed sign-ins"), default=0)
    locked_until = models.DateTimeField(_("locked until"), null=True)
    signed_in_at = models.DateTimeField(_("last sign-in"), null=True)
    last_login = None  # written by a signal of Django, outside any journal entry

    objects = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=list(Role.values)), name="person_roles_known"
            ),
            models.CheckConstraint(
                condition=models.Q(discount_limit__lte=100), name="person_discount_limit_percent"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def actor_kind(self) -> str:
        return ActorKind.PERSON

    @property
    def actor_id(self) -> int:
        return self.pk

    @property
    def actor_name(self) -> str:
        return self.name

    @cached_property
    def permissions(self) -> frozenset[str]:
        return granted(self.roles) if self.is_active else frozenset()

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    @property
    def password_expired(self) -> bool:
        changed = self.password_changed_at
        return self.must_change_password or (
            changed is not None and changed + PASSWORD_AGE < timezone.now()
        )

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        return self.may(permission)


class UsedPassword(models.Model):
    """A password that a person had; only grows, so that it can't be used again."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="used_passwords")
    hash = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.at}"
