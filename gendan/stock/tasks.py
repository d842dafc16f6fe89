"""What stock does by itself: it serves whoever waits, and takes back what is not needed."""

from django.utils import timezone
from procrastinate.contrib.django import app

from gendan.journal.actors import Job
from gendan.stock.actions import forget_shortages, give_back_cancelled
from gendan.stock.hands import serve_all

BY = Job("stock")


@app.periodic(cron="* * * * * */5")  # every 5 seconds: those stand last
@app.task(queueing_lock="stock", lock="stock")
def serve_waiting(timestamp: int) -> None:
    """Take back what cancelled orders held, then serve the next until nobody can be served."""
    give_back_cancelled(by=BY)
    forget_shortages(by=BY, now=timezone.now())
    serve_all(by=BY)
