"""Handing kept files to the worker, in the transaction that noted them."""

from collections.abc import Sequence

from procrastinate.contrib.django import app

from gendan.people.access import Worker

TASK = "gendan.channels.tasks.take_in"
"""By its name: the task calls actions, so actions cannot import it."""


def hand_to_worker(files: Sequence[int], *, by: Worker) -> None:
    """Let the worker take in the files in the name of the person or key."""
    app.configure_task(TASK).defer(files=list(files), person=by.pk, kind=by.actor_kind)
