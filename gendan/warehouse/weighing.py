"""What a parcel should weigh, and how far the scales may differ before somebody asks why."""

from django.conf import settings

PACKAGING_G: int = settings.PACKAGING_G
TOLERANCE_PERCENT: int = settings.WEIGHT_TOLERANCE_PERCENT
TOLERANCE_G: int = settings.WEIGHT_TOLERANCE_G


def differs(weight_g: int, expected_g: int) -> bool:
    """Whether the weight is further from the expected one than scales and boxes explain.

    Goods without a weight of their own are expected to weigh nothing, and are not compared.
    """
    if expected_g <= PACKAGING_G:
        return False
    allowed = max(TOLERANCE_G, expected_g * TOLERANCE_PERCENT // 100)
    return abs(weight_g - expected_g) > allowed
