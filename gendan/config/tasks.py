"""The household's own periodic jobs."""

from procrastinate.contrib.django import app

from gendan.ui import limits


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="forget-hits")
def forget_hits(timestamp: int) -> None:
    """Empty the table of the rate limits of what is long over."""
    limits.forget()
