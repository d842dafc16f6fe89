"""The stages of a shipment, and the one table of the allowed moves."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    PLANNED = "PLANNED", _("Planned")
    RELEASED = "RELEASED", _("In a wave")
    PICKED = "PICKED", _("Picked")
    PACKED = "PACKED", _("Packed")
    SHIPPED = "SHIPPED", _("Shipped")
    DELIVERED = "DELIVERED", _("Delivered")
    RECALLED = "RECALLED", _("Recalled")
    REFUSED = "REFUSED", _("Refused")
    RETURNED = "RETURNED", _("Returned")
    LOST = "LOST", _("Lost")


# Read each line as: a shipment comes to the left stage from the stages on the right.
COMES_FROM: dict[Stage, tuple[Stage, ...]] = {
    Stage.PLANNED: (Stage.RELEASED, Stage.PICKED),
    Stage.RELEASED: (Stage.PLANNED, Stage.PICKED),
    Stage.PICKED: (Stage.RELEASED, Stage.PACKED),
    Stage.PACKED: (Stage.PICKED,),
    Stage.SHIPPED: (Stage.PACKED,),
    Stage.DELIVERED: (Stage.SHIPPED, Stage.REFUSED),
    Stage.RECALLED: (Stage.PLANNED, Stage.RELEASED, Stage.PICKED, Stage.PACKED),
    Stage.REFUSED: (Stage.SHIPPED,),
    Stage.RETURNED: (Stage.SHIPPED, Stage.REFUSED),
    Stage.LOST: (Stage.SHIPPED, Stage.REFUSED),
}

# Goods are still on their shelves.
BEFORE_PICKING = (Stage.PLANNED, Stage.RELEASED)
# Goods lie on their shelves or in baskets: they can still be moved between parcels.
BEFORE_PACKING = (Stage.PLANNED, Stage.RELEASED, Stage.PICKED)
