"""What a new password must be, beyond Django's own rules."""

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gendan.people.models import Person

REMEMBERED = 5


class NotUsedBefore:
    """Refuse the present password and the last ones before it."""

    def validate(self, password: str, user: Person | None = None) -> None:
        if user is None or user.pk is None:
            return
        used = user.used_passwords.order_by("-id").values_list("hash", flat=True)[:REMEMBERED]
        if any(check_password(password, old) for old in used):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        return _("Choose a password that is not one of your last %(number)s.") % {
            "number": REMEMBERED
        }
