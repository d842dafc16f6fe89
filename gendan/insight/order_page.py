"""What the room of figures shows on an order's page: the mistakes that were made with it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from gendan.insight.lists import STATE_TONES
from gendan.insight.models import Mistake, MistakeState
from gendan.orders.models import Order
from gendan.orders.page import Contribution, Panel, Rare, Step, contribute
from gendan.people.access import Worker
from gendan.ui.prepared import Given

MISTAKES = Rare(lambda: Mistake.objects.filter(order=Given("order")).order_by("pk"))


@contribute
def mistakes(order: Order, worker: Worker) -> Contribution:
    """Contribute the mistakes of the order, and a way to record one."""
    found = MISTAKES.of(order)
    shown = [(each, STATE_TONES[MistakeState(each.state)]) for each in found]
    panel = Panel("insight/_order_mistakes.html", {"mistakes": shown}, 65, aside=True)
    page = reverse("mistake-new", args=[order.number])
    step = Step(
        _("Record a mistake"), page, "insight.mistakes", 95, post=False, dialog=True, icon="alert"
    )
    return Contribution(
        panels=[panel] if found and worker.may("insight.mistakes") else [],
        steps=[step],
        subjects={"insight_mistake": [each.pk for each in found]},
    )
