"""What a platform tells of a set is true of its parts."""

import pytest
from django.utils import timezone

from conftest import TESTER, make_sku
from gendan.catalog.actions.save_set import save_sets
from gendan.catalog.models import Sku
from gendan.channels.tests import files
from gendan.channels.tests.conftest import Taker
from gendan.orders.models import Line, Order
from gendan.orders.verify import differences
from gendan.screening.actions import screen

pytestmark = pytest.mark.django_db


def test_a_refund_of_a_set_is_one_of_its_parts(take: Taker, tea: Sku, bag: Sku) -> None:
    box = make_sku("BOX-01", "茶礼盒", 49900)
    save_sets({box.pk: {tea.pk: 2, bag.pk: 1}}, by=TESTER)
    said = {"商家编码": "BOX-01"}
    take(files.sub_order("88001", **said))
    screen(Order.objects.all(), by=TESTER, now=timezone.now())
    assert Line.objects.filter(part_of__isnull=False).count() == 2
    take(files.sub_order("88001", **said, 退款状态="买家已经申请退款，等待卖家同意"))
    parts = Line.objects.filter(part_of__isnull=False)
    assert set(parts.values_list("refund_state", flat=True)) == {"REQUESTED"}
    assert not [found for found in differences() if "set" in found.what]
