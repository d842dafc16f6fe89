"""What intake does in the worker."""

from procrastinate.contrib.django import app

from gendan.channels.actions.import_files import import_kept
from gendan.people.models import Person


@app.task(lock="intake")
def take_in(files: list[int], person: int) -> None:
    """Take in files that somebody uploaded."""
    import_kept(files, by=Person.objects.get(pk=person))
