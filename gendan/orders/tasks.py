"""What the orders' room does by itself: look after waiting orders, close forgotten ones, mail."""

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from gendan.journal.actors import Job
from gendan.orders import drafts
from gendan.orders.actions import close_unpaid, tend
from gendan.orders.actions.chase.now import chase_now
from gendan.orders.actions.drop_amendments import drop_amendments
from gendan.orders.actions.sample import WEEK, draw
from gendan.orders.actions.surge import follow_thresholds
from gendan.orders.checklists import install_checklist
from gendan.orders.mailing import mail_confirmation
from gendan.orders.models.sampling import monday_of

__all__ = ["advance", "chase", "close_forgotten", "mail_confirmation", "throw_away_drafts"]


@app.periodic(cron="*/1 * * * *")
@app.task(queueing_lock="orders-advance")
def advance(timestamp: int) -> None:
    """Open and close what waits about orders before screening."""
    install_checklist(by=Job("advance"))
    tend(by=Job("advance"), now=timezone.now())
    drop_amendments(by=Job("advance"), now=timezone.now())


@app.periodic(cron="*/1 * * * *")
@app.task(queueing_lock="orders-big-day")
def watch_for_big_days(timestamp: int) -> None:
    """Begin or end a big day where so many orders come in as it says."""
    follow_thresholds(by=Job("big_day"), now=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="orders-close-unpaid")
def close_forgotten(timestamp: int) -> None:
    """Close the orders that nobody paid in time."""
    close_unpaid(hours=settings.UNPAID_HOURS, by=Job("close_unpaid"), now=timezone.now())


@app.periodic(cron="*/1 * * * *")
@app.task(queueing_lock="orders-chase")
def chase(timestamp: int) -> None:
    """Take unpaid orders into their plans, make what is due, let offers lapse."""
    chase_now(by=Job("chase"), now=timezone.now())


@app.periodic(cron="0 6 * * *")  # a house that was shut on Monday draws when it opens
@app.task(queueing_lock="orders-samples")
def draw_samples(timestamp: int) -> None:
    """Draw from the documents of the week that ended, once; to see whether they were right."""
    now = timezone.now()
    draw(monday_of(timezone.localdate(now)) - WEEK, by=Job("draw_samples"), now=now)


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="orders-drafts")
def throw_away_drafts(timestamp: int) -> None:
    """Forget the forms that nobody finished."""
    drafts.forget_old(timezone.now())
