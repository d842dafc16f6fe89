"""Shipments, waves, carriers, and the papers printed for them."""

from gendan.warehouse.models.carriage import (
    Carriage,
    CarrierRule,
    Discount,
    Ground,
    Refusal,
    Standard,
    Tariff,
    Unserved,
)
from gendan.warehouse.models.carrier import Carrier
from gendan.warehouse.models.prepack import Prepack, PrepackQuerySet
from gendan.warehouse.models.printing import Paper, PrintJob, PrintPage
from gendan.warehouse.models.putback import PutBack
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
    "Carriage",
    "Carrier",
    "CarrierRule",
    "CombineRules",
    "Discount",
    "Ground",
    "Paper",
    "Prepack",
    "PrepackQuerySet",
    "PrintJob",
    "PrintPage",
    "PutBack",
    "Refusal",
    "RegroupedParcel",
    "Regrouping",
    "RegroupingKind",
    "RegroupingQuerySet",
    "Shipment",
    "ShipmentLine",
    "ShipmentQuerySet",
    "Standard",
    "Tariff",
    "Tick",
    "Unserved",
    "Wave",
    "WaveKind",
    "WaveQuerySet",
]
