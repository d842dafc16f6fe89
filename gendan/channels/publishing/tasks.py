"""What publishing does by itself: it notes what changed, sends, and counts all of it at night."""

from contextlib import suppress

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from gendan.channels.publishing.actions import capture, forget, send, tend
from gendan.channels.publishing.queries import due_shops, shops_to_turn
from gendan.journal.actors import Job
from gendan.people.models import Shop

BY = Job("publishing")


@app.periodic(cron="* * * * * */15")
@app.task(queueing_lock="publishing", lock="publishing")
def publish_changes(timestamp: int) -> None:
    """Note what changed, and let each shop's sender send it."""
    capture(by=BY)
    _let_send(due_shops(now=timezone.now()))


@app.task(lock="publishing")
def publish_shops(shops: list[int]) -> None:
    """Look at everything of some shops that have many listings, as after a change of a rule."""
    capture(by=BY, shop_ids=shops)


@app.task
def send_to(shop: int) -> None:
    """Send what is due to one shop; one sender for each, so that none is slowed by another."""
    send(Shop.objects.get(pk=shop), by=BY)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="publishing-trouble", lock="publishing-trouble")
def tend_trouble(timestamp: int) -> None:
    """Turn the items again that would not be turned; let somebody know of what can't be told."""
    _let_send(shops_to_turn(now=timezone.now()))
    tend(by=BY, now=timezone.now())


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="publishing-all", lock="publishing")
def publish_all(timestamp: int) -> None:
    """Look at every listing, whatever has changed or not, and forget what is long over."""
    capture(by=BY, is_full=True)
    forget(by=BY, now=timezone.now())


def _let_send(shops: list[Shop]) -> None:
    for shop in shops:
        name = f"publish-{shop.pk}"
        with suppress(AlreadyEnqueued):
            send_to.configure(lock=name, queueing_lock=name).defer(shop=shop.pk)
