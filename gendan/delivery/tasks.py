"""The periodic jobs of parcels on their way."""

from django.utils import timezone
from procrastinate.contrib.django import app

from gendan.delivery.actions.complete import complete_due
from gendan.delivery.actions.forecast import forecast
from gendan.delivery.actions.keep_lane import keep_lane
from gendan.delivery.actions.measure import measure
from gendan.delivery.actions.not_stopped import follow_interceptions
from gendan.delivery.actions.promise import forget_questions
from gendan.delivery.actions.watch import watch
from gendan.journal.actors import Job

EVERY_MINUTES = 5  # the forecast


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="delivery-watch", lock="delivery-watch")
def watch_parcels(timestamp: int) -> None:
    """Let parcels in trouble wait for a person."""
    by, now = Job("delivery.watch"), timezone.now()
    watch(by=by, now=now)
    follow_interceptions(by=by, now=now)


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="delivery-complete", lock="delivery-complete")
def complete_orders(timestamp: int) -> None:
    """End orders that arrived long enough ago."""
    complete_due(by=Job("delivery.complete"), now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="delivery-lane", lock="delivery-lane")
def follow_lane(timestamp: int) -> None:
    """Let the clocks of the urgent lane follow the orders."""
    keep_lane(by=Job("delivery.lane"), now=timezone.now())


@app.periodic(cron=f"*/{EVERY_MINUTES} * * * *")
@app.task(queueing_lock="delivery-forecast", lock="delivery-forecast")
def forecast_orders(timestamp: int) -> None:
    """Count when orders will leave and arrive, and tell of what will be late.

    What has left is counted again with the first forecast of an hour.
    """
    by, now = Job("delivery.forecast"), timezone.now()
    forecast(by=by, now=now, gone_too=now.minute < EVERY_MINUTES)
    forget_questions(by=by, now=now)


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="delivery-measure", lock="delivery-measure")
def measure_paces(timestamp: int) -> None:
    """Measure how fast the house and its carriers are."""
    measure(by=Job("delivery.measure"), now=timezone.now())
