"""What the worklist does by itself."""

from django.utils import timezone
from procrastinate.contrib.django import app

from gendan.journal.actors import Job
from gendan.worklist import actions


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="escalate")
def escalate(timestamp: int) -> None:
    """Give what is overdue to the supervisors."""
    actions.escalate(by=Job("worklist"), now=timezone.now())
