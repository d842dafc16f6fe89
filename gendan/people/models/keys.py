"""Keys with which other programs use the API."""

import hashlib
import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from gendan.journal.models import ActorKind


def key_hash(secret: str) -> str:
    """Return what is stored of a key: it is long and random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiKey(models.Model):
    """A key: its scopes are permissions, its shops and warehouses those it may see."""

    name = models.CharField(_("name"), max_length=80)
    hint = models.CharField(_("begins with"), max_length=12)
    hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"), default=list)
    shop_ids = ArrayField(models.BigIntegerField(), verbose_name=_("shops"), null=True, blank=True)
    warehouse_ids = ArrayField(
        models.BigIntegerField(), verbose_name=_("warehouses"), null=True, blank=True
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    discount_limit = 0

    class Meta:
        verbose_name = _("API key")

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def new_secret() -> str:
        return f"gd_{secrets.token_urlsafe(32)}"

    @property
    def actor_kind(self) -> str:
        return ActorKind.KEY

    @property
    def actor_id(self) -> int:
        return self.pk

    @property
    def actor_name(self) -> str:
        return self.name

    def may(self, permission: str) -> bool:
        return permission in self.scopes
