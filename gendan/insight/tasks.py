"""What the room of figures does by itself."""

from procrastinate.contrib.django import app

from gendan.insight.keeping import keep


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="insight-keep", lock="insight-keep")
def keep_figures(timestamp: int) -> None:
    """Count the days again that changed."""
    keep(seconds=50)
