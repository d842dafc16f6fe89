"""The periodic jobs of parcels on their way."""

from django.utils import timezone
from procrastinate.contrib.django import app

from gendan.delivery.actions.complete import complete_due
from gendan.delivery.actions.watch import watch
from gendan.journal.actors import Job


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="delivery-watch", lock="delivery-watch")
def watch_parcels(timestamp: int) -> None:
    """Let parcels in trouble wait for a person."""
    watch(by=Job("delivery.watch"), now=timezone.now())


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="delivery-complete", lock="delivery-complete")
def complete_orders(timestamp: int) -> None:
    """End orders that arrived long enough ago."""
    complete_due(by=Job("delivery.complete"), now=timezone.now())
