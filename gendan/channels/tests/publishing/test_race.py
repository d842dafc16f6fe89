"""Real processes that capture and send at the same moment."""

import os
from collections.abc import Callable
from multiprocessing import get_context

import pytest
from django.db import connection, connections

from conftest import TESTER
from gendan.catalog.models import Sku
from gendan.channels.models import Offer, Publication, PublicationState, PublishRule
from gendan.channels.publishing.actions import capture, save_rule, send
from gendan.channels.simulator.taobao import TaobaoShop
from gendan.channels.tests.publishing.conftest import ITEM, Seller, Shelf
from gendan.channels.verify import differences
from gendan.people.models import Shop, Warehouse
from gendan.stock.actions import Goods, adjust

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
FORKS = get_context("fork")
WORKERS, ROUNDS = 4, 12


def at_once(act: Callable[[int], object]) -> None:
    connections.close_all()
    start = FORKS.Barrier(WORKERS)

    def run(worker: int) -> None:
        start.wait()
        try:
            act(worker)
        except BaseException:  # the parent says what is missing
            os._exit(1)
        os._exit(0)

    workers = [FORKS.Process(target=run, args=(n,)) for n in range(WORKERS)]
    for process in workers:
        process.start()
    for process in workers:
        process.join(60)
    assert {process.exitcode for process in workers} == {0}


def test_the_shop_ends_up_with_the_newest_however_many_capture_and_send(
    taobao: TaobaoShop, sell: Seller, shelf: Shelf, tea: Sku, shop: Shop, hangzhou: Warehouse
) -> None:
    save_rule(PublishRule(), by=TESTER)
    shelf(tea, 500)
    sell()

    def work(worker: int) -> None:
        for _round in range(ROUNDS):
            adjust([Goods(tea.pk, -1)], hangzhou, by=TESTER, why="卖出")
            capture(by=TESTER)
            send(shop, by=TESTER)

    at_once(work)
    capture(by=TESTER)
    Publication.objects.filter(state=PublicationState.SENDING).update(held_until=None)
    send(shop, by=TESTER)
    left = 500 - 3 - WORKERS * ROUNDS
    assert taobao.items[ITEM].quantities == {"TEA-01": left}
    offer = Offer.objects.get()
    assert (offer.quantity, offer.wanted) == (left, left)
    assert list(differences()) == []
    told = [int(call["outerid_quantities"].split(":")[1]) for call in taobao.calls]
    assert told == sorted(told, reverse=True)  # nobody ever told it an older number
    assert connection.is_usable()
