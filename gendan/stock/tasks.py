"""What stock does by itself: it serves whoever waits, and takes back what is not needed."""

from django.utils import timezone
from procrastinate.contrib.django import app

from gendan.journal.actors import Job
from gendan.stock.actions import (
    claim_presales,
    find_early,
    follow_amended,
    forget_precedence,
    forget_shortages,
    give_back_cancelled,
    give_back_presales,
    look_after,
    send_what_is_there,
    serve_rests,
)
from gendan.stock.hands import serve_all

BY = Job("stock")


@app.periodic(cron="* * * * * */5")  # every 5 seconds: those stand last
@app.task(queueing_lock="stock", lock="stock")
def serve_waiting(timestamp: int) -> None:
    """Take back what cancelled orders held, then serve the next until nobody can be served."""
    give_back_cancelled(by=BY)
    forget_shortages(by=BY, now=timezone.now())
    claim_presales(by=BY, now=timezone.now())
    serve_rests(by=BY, now=timezone.now())
    serve_all(by=BY)


@app.periodic(cron="*/1 * * * *")
@app.task(queueing_lock="stock-shortages")
def look_after_shortages(timestamp: int) -> None:
    """Keep the cases of short goods true, and forget what nobody waits for any more."""
    find_early(by=BY, now=timezone.now())
    look_after(by=BY, now=timezone.now())
    send_what_is_there(by=BY, now=timezone.now())
    give_back_presales(by=BY)
    follow_amended(by=BY, now=timezone.now())
    forget_precedence(by=BY)
