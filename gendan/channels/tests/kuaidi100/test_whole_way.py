from collections.abc import Callable

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from gendan.channels.kuaidi100 import following
from gendan.channels.tests.kuaidi100.conftest import wait_for
from gendan.delivery.models import Notice, Subscription
from gendan.delivery.tests.conftest import ParcelMaker
from gendan.warehouse.models import Shipment
from gendan.warehouse.stages import Stage
from gendan.worklist.models import Item, Kind


@pytest.mark.django_db(transaction=True)
def test_parcels_travel_over_http_from_shipping_to_their_end(
    make_parcels: ParcelMaker,
    simulator: str,
    ours: Callable[[str], None],
    live_server: LiveServer,
    settings: Settings,
) -> None:
    ours(simulator)
    settings.PUBLIC_URL = live_server.url
    normal = make_parcels(waybill="YT0000000000010").get()
    refused = make_parcels(waybill="YT0000000000005").get()
    stuck = make_parcels(waybill="YT0000000000002").get()
    assert following.subscribe_new() == 3
    ends = {normal.pk: Stage.DELIVERED, refused.pk: Stage.REFUSED, stuck.pk: Stage.SHIPPED}
    wait_for(lambda: stages() == ends, seconds=20)
    wait_for(lambda: Subscription.objects.get(shipment=stuck).last_state == "ACCEPTED")
    assert Notice.objects.filter(shipment=normal).count() > 1
    assert Item.objects.get().kind == Kind.REFUSED


def stages() -> dict[int, str]:
    return dict(Shipment.objects.values_list("pk", "stage"))
