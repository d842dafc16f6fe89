"""What the packer must see of a parcel: its pieces, its instructions, what is still missing."""

from dataclasses import dataclass

from django.db.models import Q

from gendan.orders.models import Instruction
from gendan.people.access import Worker
from gendan.warehouse.models import Shipment, ShipmentLine
from gendan.warehouse.queries.regrouped import came_along
from gendan.warehouse.stages import Stage
from gendan.warehouse.weighing import PACKAGING_G


@dataclass(frozen=True)
class Packing:
    """A parcel on the packing table."""

    shipment: Shipment
    lines: list[ShipmentLine]
    instructions: list[tuple[Instruction, bool]]
    remarks: list[str]
    baskets: list[Shipment]  # emptied parcels in whose baskets a part of the goods lies

    @property
    def verified(self) -> int:
        return sum(line.verified for line in self.lines)

    @property
    def missing(self) -> int:
        return sum(line.quantity - line.verified for line in self.lines)

    @property
    def to_tick(self) -> int:
        return sum(not ticked for _instruction, ticked in self.instructions)

    @property
    def may_be_packed(self) -> bool:
        return not self.missing and not self.to_tick and self.shipment.stage == Stage.PICKED

    @property
    def is_weighed(self) -> bool:
        """Whether the goods have weights, so that the scales have something to say."""
        return self.shipment.expected_g > PACKAGING_G


def scanned_shipment(code: str, worker: Worker) -> Shipment | None:
    """The shipment of a scanned waybill or delivery note, the one in the house first."""
    text = code.strip()
    return (
        Shipment.objects.visible_to(worker)
        .filter(Q(number=text.upper()) | Q(waybill=text) | Q(waybill=text.upper()))
        .exclude(stage=Stage.RECALLED)
        .select_related("carrier", "shop", "wave")
        .order_by("-pk")
        .first()
    )


def packing(shipment: Shipment) -> Packing:
    """The parcel as it stands now."""
    lines = list(
        ShipmentLine.objects.filter(shipment=shipment)
        .select_related("sku", "order", "line")
        .order_by("pk")
    )
    orders = {line.order_id: line.order for line in lines}
    ticked = set(shipment.ticks.values_list("instruction", flat=True))
    instructions = Instruction.objects.filter(order__in=orders).order_by("pk")
    return Packing(
        shipment=shipment,
        lines=lines,
        instructions=[(one, one.pk in ticked) for one in instructions],
        remarks=[order.warehouse_remark for order in orders.values() if order.warehouse_remark],
        baskets=list(came_along(shipment)) if shipment.stage == Stage.PICKED else [],
    )
