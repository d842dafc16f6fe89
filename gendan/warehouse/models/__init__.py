"""Shipments, waves, carriers, and the papers printed for them."""

from gendan.warehouse.models.carrier import Carrier
from gendan.warehouse.models.prepack import Prepack, PrepackQuerySet
from gendan.warehouse.models.printing import Paper, PrintJob, PrintPage
from gendan.warehouse.models.regrouping import (
    CombineRules,
    RegroupedParcel,
    Regrouping,
    RegroupingKind,
    RegroupingQuerySet,
)
from gendan.warehouse.models.shipment import Shipment, ShipmentLine, ShipmentQuerySet, Tick
from gendan.warehouse.models.wave import Wave, WaveKind, WaveQuerySet

__all__ = [
    "Carrier",
    "CombineRules",
    "Paper",
    "Prepack",
    "PrepackQuerySet",
    "PrintJob",
    "PrintPage",
    "RegroupedParcel",
    "Regrouping",
    "RegroupingKind",
    "RegroupingQuerySet",
    "Shipment",
    "ShipmentLine",
    "ShipmentQuerySet",
    "Tick",
    "Wave",
    "WaveKind",
    "WaveQuerySet",
]
