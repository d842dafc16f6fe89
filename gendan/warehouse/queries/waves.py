"""How far a wave is, and what was printed of it."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from gendan.warehouse.models import PrintJob, PrintPage, ShipmentQuerySet, Wave, WaveQuerySet
from gendan.warehouse.stages import Stage

LEFT = (Stage.SHIPPED, Stage.DELIVERED, Stage.REFUSED, Stage.RETURNED, Stage.LOST)


@dataclass(frozen=True)
class Progress:
    """How many shipments of a wave stand where."""

    total: int
    picked: int
    packed: int
    shipped: int
    unlabelled: int


def with_counts(waves: WaveQuerySet) -> WaveQuerySet:
    """The waves with `total`, `packed` and `shipped` shipments."""
    gone = Q(shipments__stage__in=LEFT)
    return waves.annotate(
        total=Count("shipments"),
        packed=Count("shipments", filter=gone | Q(shipments__stage=Stage.PACKED)),
        shipped=Count("shipments", filter=gone),
    )


def progress(wave: Wave) -> Progress:
    """How far the wave is; recalled shipments no longer count."""
    gone = Q(stage__in=LEFT)
    packed = gone | Q(stage=Stage.PACKED)
    counted = members(wave).aggregate(
        total=Count("pk"),
        picked=Count("pk", filter=packed | Q(stage=Stage.PICKED)),
        packed=Count("pk", filter=packed),
        shipped=Count("pk", filter=gone),
        unlabelled=Count("pk", filter=Q(waybill="")),
    )
    return Progress(**counted)


def members(wave: Wave) -> ShipmentQuerySet:
    """The shipments of the wave in the order of their baskets, without recalled ones."""
    return wave.shipments.exclude(stage=Stage.RECALLED).order_by("wave_position")


def print_jobs(wave: Wave) -> QuerySet[PrintJob]:
    """What was asked to be printed of the wave, the latest first."""
    return wave.print_jobs.select_related("asked_by").order_by("-pk")


def was_printed(wave: Wave) -> bool:
    """Whether printing again needs a reason."""
    waiting = wave.print_jobs.filter(failed="", ready_at=None)
    return PrintPage.objects.filter(job__wave=wave).exists() or waiting.exists()
