"""Doing what a button asks for, and telling the person what came of it."""

from collections.abc import Callable

from django.contrib import messages

from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused


def done(request: StaffRequest, act: Callable[[], object], said: str) -> bool:
    """Do it and say so, or say why it was refused; return whether it was done."""
    try:
        act()
    except Refused as refused:
        messages.error(request, refused.sentence)
        return False
    messages.success(request, said)
    return True
