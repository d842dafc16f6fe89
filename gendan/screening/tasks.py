"""What screening does by itself: it asks the rules, and asks again where something changed."""

from django.utils import timezone
from procrastinate.contrib.django import app

from gendan.journal.actors import Job
from gendan.screening.actions import look_again, recheck, settle
from gendan.screening.hands import screen_all

BY = Job("screening")


@app.periodic(cron="* * * * * */5")  # every 5 seconds: those stand last
@app.task(queueing_lock="screening", lock="screening")
def screen_waiting(timestamp: int) -> None:
    """Screen until nothing waits any more."""
    screen_all(by=BY)


@app.periodic(cron="*/1 * * * *")
@app.task(queueing_lock="screening-again", lock="screening")
def screen_again(timestamp: int) -> None:
    """Follow what was mapped, told by the platforms, cancelled or switched since."""
    now = timezone.now()
    settle(by=BY, now=now)
    look_again(by=BY, now=now)
    recheck(by=BY, now=now)
