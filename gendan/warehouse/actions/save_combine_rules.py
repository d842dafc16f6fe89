"""Changes when orders go together by themselves."""

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.warehouse.models import CombineRules


def save_combine_rules(rules: CombineRules, *, by: Actor, why: str = "") -> CombineRules:
    """Save the rules of the house; the next planning obeys them."""
    with entry("combine_rules.changed", by=by, why=why):
        rules.save()
    return rules
