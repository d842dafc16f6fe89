"""A believable merchant of our own invention, made through the real actions."""

import random
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import translation

from gendan.config.demo.goods import stock_up
from gendan.config.demo.places import furnish
from gendan.config.demo.story import tell
from gendan.journal.actors import Job
from gendan.orders.models import Order
from gendan.screening.rules import install_rules

STEPS = 8
Tell = Callable[[str, int, int], None]


@translation.override("zh-hans")
@transaction.atomic
def load(empty: bool, progress: Tell | None = None) -> dict[str, Any]:
    """Furnish the house, and unless it is to be empty let a week of orders happen in it.

    Its people write Chinese, whoever loads it.
    """
    say = progress or (lambda what, done, of: None)
    rnd = random.Random(2611)  # noqa: S311  (a demo that is the same every time)
    by = Job("demo")
    say("people and places", 0, STEPS)
    sign_ins = furnish(by)
    install_rules(by=by)
    if not empty:
        say("goods", 1, STEPS)
        skus = stock_up(by, rnd)
        for step, what in enumerate(tell(skus, rnd), 2):
            say(what, step, STEPS)
    say("done", STEPS, STEPS)
    return {"sign_ins": sign_ins, "orders": Order.objects.count()}
