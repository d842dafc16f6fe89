"""Changing scripts."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gendan.desk.models import Script
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused


class NothingToSay(Refused):
    """A script without words."""


def save_script(script: Script, *, by: Actor, why: str = "") -> Script:
    """Add a script, or change it; what was sent already stays as it was.

    :raises NothingToSay: if it says nothing
    """
    if not script.text.strip():
        raise NothingToSay(_("Write what is to be said."))
    verb = "script.changed" if script.pk else "script.added"
    with entry(verb, by=by, why=why, name=script.name):
        script.save()
    return script


def switch_scripts(scripts: "QuerySet[Script]", on: bool, *, by: Actor, why: str = "") -> int:
    """Switch scripts on or off; return how many were not so before."""
    with entry("script.switched_on" if on else "script.switched_off", by=by, why=why):
        return scripts.exclude(is_on=on).update(is_on=on)
