"""Who may share a parcel: the rules of the house, and what of them an order or a parcel meets."""

from datetime import datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, OuterRef, Q

from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.stages import Stage
from gendan.warehouse.models import CombineRules

# Orders go together that agree in all of these...
SAME = (
    "warehouse_id",
    "shop_id",
    "who",
    "place_key",
    "receiver_name",
    "receiver_phone",
    "carrier_wish",
)
# ...unless one of these is true of them; then they go alone.
ALONE = {
    "cash on delivery": "o.is_cod",
    "an unknown buyer": "o.customer_id IS NULL AND o.buyer = ''",
    "an unknown place": "o.place_key = ''",
    "a day wished for": "o.wish_on IS NOT NULL",
    "a presale": "EXISTS (SELECT FROM stock_presaleclaim c WHERE c.order_id = o.id)",
}
GOES_ALONE = " OR ".join(f"({condition})" for condition in ALONE.values())
WHO = "coalesce('#' || o.customer_id, o.buyer)"

# A parcel that somebody split by hand stays as it was made.
SPLIT_BY_HAND = """
EXISTS (SELECT FROM warehouse_regroupedparcel p
  JOIN warehouse_regrouping r ON r.id = p.regrouping_id
  WHERE p.shipment_id = s.id AND r.kind = 'SPLIT' AND r.undone_at IS NULL)
"""

ON_ITS_WAY = (Stage.SCREENING, Stage.HELD, Stage.READY, Stage.SHORT)


def combine_rules() -> CombineRules:
    """Return the rules of the house; what they are where nobody has changed them."""
    return CombineRules.objects.first() or CombineRules()


def waits_for_company(rules: CombineRules, *, now: datetime) -> Q:
    """Return the condition for orders whose company is still before the warehouse.

    They wait for it some minutes from their own reservation on, but not the urgent ones, nor those
    promised soon.
    """
    soon = now + timedelta(hours=rules.promise_hours)
    fresh = Q(stage_since__gt=now - timedelta(minutes=rules.wait_minutes))
    calm = Q(priority=0) & (Q(promise_at=None) | Q(promise_at__gt=soon))
    sociable = Q(is_cod=False, wish_on=None) & ~Q(place_key="")
    return fresh & calm & sociable & Q(shop__in=_company_to_come(rules).values("shop"))


def _company_to_come(rules: CombineRules) -> OrderQuerySet:
    """Return the orders before the warehouse that an outer order could share a parcel with.

    They are told apart by shop outside, and by time as a difference: what orders share a place is
    to be looked up by the place, also while a table that has just grown is without statistics.
    """
    same_buyer = Q(customer__isnull=False, customer=OuterRef("customer")) | (
        ~Q(buyer="") & Q(buyer=OuterRef("buyer"))
    )
    apart = ExpressionWrapper(F("placed_at") - OuterRef("placed_at"), DurationField())
    near = Q()
    if rules.within_days is not None:
        days = timedelta(days=rules.within_days)
        near = Q(apart__range=(-days, days))
    return Order.objects.alias(apart=apart).filter(
        same_buyer,
        near,
        ~Q(place_key=""),
        place_key=OuterRef("place_key"),
        receiver_name=OuterRef("receiver_name"),
        receiver_phone=OuterRef("receiver_phone"),
        carrier_wish=OuterRef("carrier_wish"),
        stage__in=ON_ITS_WAY,
        is_cod=False,
        wish_on=None,
    )
