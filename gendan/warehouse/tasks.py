"""The warehouse's work in the background."""

from django.utils import timezone
from procrastinate.contrib.django import app

from gendan.journal.actors import Job
from gendan.orders.queries.surge import big_day
from gendan.warehouse.actions import print_papers
from gendan.warehouse.actions.carry import settle
from gendan.warehouse.actions.make_waves import make_waves
from gendan.warehouse.actions.plan import plan_waiting
from gendan.warehouse.actions.suggest import suggest
from gendan.warehouse.models import PrintJob


@app.task(name=print_papers.TASK)
def typeset(job_id: int, shipment_ids: list[int], papers: list[str], why: str) -> None:
    """Make the PDF of a print job."""
    job = PrintJob.objects.select_related("wave__warehouse").get(pk=job_id)
    try:
        print_papers.typeset(job, shipment_ids, papers, why)
    except Exception as error:
        print_papers.fail(job, str(error) or type(error).__name__)
        raise


@app.periodic(cron="*/1 * * * *")
@app.task(queueing_lock="warehouse-waves")
def make_big_waves(timestamp: int) -> None:
    """On a big day, put what is planned into waves."""
    day = big_day()
    if day and day.makes_waves:
        make_waves(day, by=Job("warehouse.waves"), now=timezone.now())


@app.periodic(cron="1-59/2 * * * *")
@app.task(queueing_lock="warehouse-suggest", lock="warehouse-suggest")
def suggest_parcels(timestamp: int) -> None:
    """Let what could go together wait for a person."""
    suggest(by=Job("warehouse.suggest"), now=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="warehouse-sourced")
def settle_sourced(timestamp: int) -> None:
    """Close what waited for a carrier and has one by now."""
    settle(by=Job("warehouse.sourced"), now=timezone.now())


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="warehouse-plan", lock="warehouse-plan")
def plan_ready(timestamp: int) -> None:
    """Plan shipments of what has been reserved since."""
    for _planned in plan_waiting(by=Job("warehouse.plan"), now=timezone.now()):
        pass
