"""The periodic jobs of Kuaidi100."""

from procrastinate.contrib.django import app

from gendan.channels.kuaidi100.following import ask_about, ask_silent, subscribe_new
from gendan.channels.kuaidi100.states import PROVIDER
from gendan.delivery.following import ASK_JOB


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="kuaidi100-subscribe", lock="kuaidi100-subscribe")
def subscribe_shipped_parcels(timestamp: int) -> None:
    """Have the traces of newly shipped parcels pushed to us."""
    subscribe_new()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="kuaidi100-ask", lock="kuaidi100-ask")
def ask_about_silent_parcels(timestamp: int) -> None:
    """Ask about parcels of which nothing was pushed."""
    ask_silent()


@app.task(name=ASK_JOB.format(provider=PROVIDER.lower()))
def ask_about_parcels(shipment_ids: list[int]) -> None:
    """Ask about parcels, because a person wants to know."""
    ask_about(shipment_ids)
