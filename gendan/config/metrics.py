"""What Gendan counts about itself, in Prometheus' words."""

import os
from collections.abc import Iterable

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

LATENCIES = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

requests = Counter("gendan_requests", "Requests answered", ("view", "method", "status"))
seconds = Histogram(
    "gendan_request_seconds", "Time to answer a request", ("view",), buckets=LATENCIES
)


def page(orders_by_stage: Iterable[tuple[str, int]]) -> bytes:
    """Return all figures as Prometheus reads them, of all web processes together."""
    return generate_latest(_counted()) + generate_latest(_stages(orders_by_stage))


def _counted() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # comes without types
    return registry


def _stages(orders_by_stage: Iterable[tuple[str, int]]) -> CollectorRegistry:
    registry = CollectorRegistry()
    gauge = Gauge("gendan_orders", "Orders at each stage", ("stage",), registry=registry)
    for stage, count in orders_by_stage:
        gauge.labels(stage).set(count)
    return registry
