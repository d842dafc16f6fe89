"""Real processes that capture and send at the same moment."""

import os
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context

import pytest
from django.db import connection, connections
from django.utils import timezone

from conftest import TESTER
from gendan.catalog.models import ShopCode, Sku
from gendan.channels.models import Offer, Publication, PublicationState, PublishRule
from gendan.channels.publishing.actions import (
    FileOvertaken,
    NothingToTell,
    capture,
    confirm,
    export,
    save_rule,
    send,
    set_items,
)
from gendan.channels.simulator.taobao import TaobaoShop
from gendan.channels.tests.publishing.conftest import ITEM, Seller, Shelf
from gendan.channels.verify import differences
from gendan.journal.writing import entry
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


def test_a_clerk_and_captures_never_wait_for_each_other_in_a_circle(
    pdd: Shop, sell: Seller, shelf: Shelf, tea: Sku, hangzhou: Warehouse
) -> None:
    save_rule(PublishRule(), by=TESTER)
    shelf(tea, 500)
    with entry("test.setup", by=TESTER):
        ShopCode.objects.bulk_create(
            ShopCode(shop=pdd, code=f"C-{number % 50}-{number}", sku=tea) for number in range(400)
        )
    capture(by=TESTER, is_full=True)
    codes = list(Offer.objects.order_by("-pk").values_list("code", flat=True))

    def work(worker: int) -> None:
        for turn in range(ROUNDS):
            if worker % 2:
                adjust([Goods(tea.pk, -1)], hangzhou, by=TESTER, why="卖出")
                capture(by=TESTER, is_full=True)
                continue
            set_items(dict.fromkeys(codes, f"{worker}{turn}"), by=TESTER)
            with suppress(NothingToTell, FileOvertaken):
                export(pdd, f"{worker}-{turn}", by=TESTER, now=timezone.now())
                confirm(pdd, f"{worker}-{turn}", by=TESTER, now=timezone.now())

    at_once(work)
    assert list(differences()) == []
