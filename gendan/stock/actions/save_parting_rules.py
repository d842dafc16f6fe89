"""Changes what of an order may leave before the rest of it."""

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.stock.models import PartingRules


def save_parting_rules(rules: PartingRules, *, by: Actor, why: str = "") -> PartingRules:
    """Save what may leave first; whoever has pieces of a presale keeps what was said then."""
    with entry("parting_rules.changed", by=by, why=why):
        rules.save()
    return rules
