"""The one list of what people may do, and which role may do what.

Every page and every call of the API names one of these permissions; `checks.py` refuses to start
the house when one of them names something that is not on this list.
"""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    SERVICE = "SERVICE", _("Service agent")
    REVIEWER = "REVIEWER", _("Order reviewer")
    WAREHOUSE = "WAREHOUSE", _("Warehouse")
    MERCHANDISER = "MERCHANDISER", _("Merchandiser")
    BUYER = "BUYER", _("Buyer")
    SUPERVISOR = "SUPERVISOR", _("Supervisor")
    FINANCE = "FINANCE", _("Finance")
    ADMIN = "ADMIN", _("Administrator")


PERMISSIONS: dict[str, Promise] = {
    "people.see": _("see colleagues"),
    "people.manage": _("manage people, shops, warehouses and API keys"),
    "worklist.see": _("see the worklist"),
    "worklist.work": _("claim and finish work items"),
    "worklist.assign": _("hand work items to others"),
    "worklist.hours": _("set business hours and holidays"),
    "catalog.see": _("see goods"),
    "catalog.manage": _("change goods and prices"),
    "customers.see": _("see customers"),
    "customers.manage": _("change customers"),
    "customers.unmask": _("see phone numbers and addresses in full"),
    "desk.see": _("see scripts and messages to customers"),
    "desk.write": _("write to customers"),
    "desk.scripts": _("change scripts"),
    "orders.see": _("see orders"),
    "orders.place": _("place orders"),
    "orders.below_floor": _("sell below the floor price"),
    "orders.confirm": _("read orders back to customers"),
    "orders.pay": _("record payments"),
    "orders.cancel": _("cancel orders"),
    "orders.amend": _("change orders on their way"),
    "orders.chase": _("chase payments"),
    "orders.plan_chasing": _("change how payments are chased"),
    "orders.urge": _("declare orders urgent"),
    "orders.urge_beyond": _("declare more orders urgent than a day allows"),
    "orders.refund": _("give money back"),
    "orders.sample": _("check what was sent to customers"),
    "orders.export": _("export orders"),
    "screening.review": _("clear holds and release orders"),
    "screening.rules": _("change screening rules"),
    "screening.finance": _("review orders for finance"),
    "screening.force": _("release orders in spite of a hold"),
    "stock.see": _("see stock"),
    "stock.receive": _("receive goods"),
    "stock.adjust": _("adjust stock"),
    "stock.reserve": _("reserve and release stock"),
    "stock.settle": _("settle short goods with customers"),
    "stock.overrule": _("overrule who gets goods first"),
    "stock.publish": _("publish stock to the shops"),
    "warehouse.see": _("see shipments and waves"),
    "warehouse.wave": _("make waves and print papers"),
    "warehouse.pack": _("pick and pack"),
    "warehouse.recall": _("recall shipments"),
    "warehouse.combine": _("combine and split parcels"),
    "warehouse.source": _("change how warehouses and carriers are chosen"),
    "warehouse.surge": _("switch the house to a big day"),
    "warehouse.manage": _("change carriers"),
    "delivery.see": _("see parcels"),
    "delivery.ship": _("ship parcels and hand them over"),
    "delivery.write_back": _("write waybills back to the platforms"),
    "delivery.follow": _("handle delivery exceptions"),
    "delivery.promise": _("promise customers another date"),
    "delivery.reconcile": _("reconcile what was shipped"),
    "intake.see": _("see imports"),
    "intake.import": _("import order files"),
    "intake.map": _("map shop codes and columns"),
    "insight.see": _("see the board and reports"),
    "insight.people": _("see what each person did"),
    "insight.money": _("see sales figures"),
    "insight.mistakes": _("record mistakes and their causes"),
}

_DESK = {
    "people.see",
    "worklist.see",
    "worklist.work",
    "catalog.see",
    "customers.see",
    "desk.see",
    "orders.see",
    "stock.see",
    "delivery.see",
    "insight.see",
}

GRANTS: dict[str, frozenset[str]] = {
    Role.SERVICE: frozenset(
        _DESK
        | {
            "customers.manage",
            "customers.unmask",
            "desk.write",
            "orders.place",
            "orders.confirm",
            "orders.pay",
            "orders.cancel",
            "orders.amend",
            "orders.chase",
            "orders.urge",
            "stock.settle",
            "delivery.promise",
            "insight.mistakes",
            "delivery.follow",
            "intake.see",
            "warehouse.see",
        }
    ),
    Role.REVIEWER: frozenset(
        _DESK
        | {
            "customers.unmask",
            "orders.cancel",
            "orders.amend",
            "orders.urge",
            "orders.export",
            "screening.review",
            "warehouse.combine",
            "insight.mistakes",
            "stock.reserve",
            "intake.see",
            "intake.import",
            "intake.map",
            "warehouse.see",
        }
    ),
    Role.WAREHOUSE: frozenset(
        {
            "people.see",
            "worklist.see",
            "worklist.work",
            "catalog.see",
            "orders.see",
            "stock.see",
            "stock.receive",
            "stock.adjust",
            "warehouse.see",
            "warehouse.wave",
            "warehouse.pack",
            "warehouse.recall",
            "warehouse.combine",
            "delivery.see",
            "delivery.ship",
            "delivery.write_back",
            "insight.see",
        }
    ),
    Role.MERCHANDISER: frozenset(
        _DESK
        | {
            "customers.unmask",
            "desk.write",
            "orders.confirm",
            "orders.export",
            "stock.reserve",
            "stock.settle",
            "stock.publish",
            "warehouse.see",
            "warehouse.combine",
            "warehouse.source",
            "delivery.promise",
            "delivery.reconcile",
            "insight.mistakes",
            "delivery.follow",
            "delivery.write_back",
            "intake.see",
            "intake.import",
            "intake.map",
            "insight.money",
        }
    ),
    Role.BUYER: frozenset(
        {
            "people.see",
            "worklist.see",
            "worklist.work",
            "catalog.see",
            "catalog.manage",
            "orders.see",
            "stock.see",
            "stock.receive",
            "insight.see",
        }
    ),
    Role.FINANCE: frozenset(
        _DESK
        | {
            "orders.pay",
            "orders.refund",
            "orders.export",
            "screening.finance",
            "delivery.reconcile",
            "insight.money",
            "insight.people",
        }
    ),
    Role.SUPERVISOR: frozenset(set(PERMISSIONS) - {"people.manage"}),
    Role.ADMIN: frozenset(PERMISSIONS),
}


def granted(roles: list[str]) -> frozenset[str]:
    """Return everything that somebody with these roles may do."""
    return frozenset().union(*(GRANTS.get(role, frozenset()) for role in roles))
