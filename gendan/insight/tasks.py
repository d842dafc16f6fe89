"""What the room of figures does by itself."""

from django.utils import timezone
from procrastinate.contrib.django import app

from gendan.insight.actions import estimate, propose
from gendan.insight.keeping import keep
from gendan.journal.actors import Job


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="insight-keep", lock="insight-keep")
def keep_figures(timestamp: int) -> None:
    """Count the days again that changed."""
    keep(seconds=50)


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="insight-mistakes", lock="insight-mistakes")
def propose_mistakes(timestamp: int) -> None:
    """Read in the house's books what went wrong, and what it has cost so far."""
    by, now = Job("mistakes"), timezone.now()
    propose(by=by, now=now)
    estimate(by=by, now=now)
