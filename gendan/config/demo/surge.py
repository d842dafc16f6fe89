"""What the demo's merchant has prepared for the next big day."""

from collections.abc import Sequence

from gendan.catalog.models import Sku
from gendan.journal.actors import Job
from gendan.journal.writing import entry
from gendan.orders.actions.surge import save_big_day
from gendan.orders.models.surge import BigDay
from gendan.people.models import Person, Warehouse
from gendan.screening.models import Rule
from gendan.warehouse.actions.prepack import prepack

BY = Job("demo")
RESTS = ("BUYER_REMARK", "VALUE")
BESTSELLERS = 3


def tell(skus: Sequence[Sku], packer: Person) -> None:
    """Plan 双12, let two rules rest on it, and pack what sells best before anybody orders it."""
    save_big_day(BigDay(name="双12", starts_above=3000, ends_below=600, wave_limit=200), by=BY)
    with entry("rule.changed", by=BY, name="双12"):
        Rule.objects.filter(code__in=RESTS).update(rests_on_big_days=True)
    house = Warehouse.objects.get(code="HZ")
    for number, sku in enumerate(skus[:BESTSELLERS], 1):
        prepack(house, sku, pieces=1, boxes=20 * number, by=packer)
