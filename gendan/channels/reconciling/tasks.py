"""What reconciling does by itself: every evening the day, and again what is still open."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from gendan.channels.models import DayFile
from gendan.channels.reconciling.actions import compare_house, read_file
from gendan.channels.reconciling.queries import days_to_compare
from gendan.journal.actors import Job
from gendan.journal.models import ActorKind
from gendan.people.models import ApiKey, Person

BY = Job("reconciling")
LOOK_BACK = timedelta(days=14)


@app.periodic(cron="35 * * * *")
@app.task(queueing_lock="reconciling", lock="reconciling")
def reconcile_days(timestamp: int) -> None:
    """Compare the day when its evening has come, and days of which something is open."""
    now = timezone.now()
    for day in days_to_compare(now=now, back=LOOK_BACK):
        compare_house(day, by=BY, now=now)


@app.task(lock="reconciling")
def read_day_file(file: int, person: int, kind: str = ActorKind.PERSON) -> None:
    """Compare what somebody uploaded of a day, or a program with a key."""
    actors = ApiKey.objects if kind == ActorKind.KEY else Person.objects
    found = DayFile.objects.select_related("shop", "carrier").get(pk=file)
    read_file(found, by=actors.get(pk=person), now=timezone.now())
