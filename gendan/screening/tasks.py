"""What screening does by itself: it asks the rules, and asks again where something changed."""

from django.utils import timezone
from procrastinate.contrib.django import app

from gendan.journal.actors import Job
from gendan.orders.actions.give import follow_refunds, skip_lacking, take_back
from gendan.screening.actions import (
    look_again,
    raise_long_held,
    recheck,
    settle,
    stop_changed,
    sweep,
)
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
    stop_changed(by=BY, now=now)
    take_back(by=BY, now=now)
    follow_refunds(by=BY, now=now)
    skip_lacking(by=BY, now=now)
    look_again(by=BY, now=now)
    recheck(by=BY, now=now)


@app.periodic(cron="7,22,37,52 * * * *")
@app.task(queueing_lock="screening-long-held")
def look_for_long_held(timestamp: int) -> None:
    """Tell the supervisors of what is held too long."""
    raise_long_held(by=BY, now=timezone.now())


@app.periodic(cron="30 0 * * *")  # 8:30 in Shanghai, before the day begins
@app.task(queueing_lock="screening-sweep")
def sweep_held(timestamp: int) -> None:
    """Go through the held orders and keep what was found."""
    sweep(by=BY, now=timezone.now())
