"""What intake does in the worker."""

from procrastinate.contrib.django import app

from gendan.channels.actions.import_files import import_kept
from gendan.journal.models import ActorKind
from gendan.people.models import ApiKey, Person


@app.task(lock="intake")
def take_in(files: list[int], person: int, kind: str = ActorKind.PERSON) -> None:
    """Take in files that somebody uploaded, or a program with a key."""
    actors = ApiKey.objects if kind == ActorKind.KEY else Person.objects
    import_kept(files, by=actors.get(pk=person))
