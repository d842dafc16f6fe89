"""How a platform says no, and what to do about it."""

from django.utils.translation import gettext as _


class Refusal(Exception):
    """A call was not done. `again`: it may go well later without anybody doing anything."""

    def __init__(self, code: str, said: str, *, again: bool, advice: str = "") -> None:
        super().__init__(code, said)
        self.code = code
        self.said = said
        self.again = again
        self.advice = advice

    @property
    def sentence(self) -> str:
        """What the platform said, and what to do."""
        said = _("The platform says %(code)s: %(said)s.") % {"code": self.code, "said": self.said}
        return f"{said} {self.advice}".strip()
