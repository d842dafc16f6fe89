from gendan.delivery.tests.conftest import make_parcels, yuantong

__all__ = ["make_parcels", "yuantong"]
