from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gendan.catalog.models import Sku
from gendan.customers.models import Address, Customer, Identity
from gendan.journal.models import Change, Entry
from gendan.journal.writing import entry
from gendan.orders.actions import CannotPlace, place
from gendan.orders.models import Instruction, Order, Payment
from gendan.orders.money import NewLine
from gendan.orders.newcomers import NewInstruction
from gendan.orders.slips import CannotPay, Slip
from gendan.orders.stages import Source, Stage
from gendan.orders.tests.conftest import NOW, Asked
from gendan.people.models import ApiKey, Person, Shop
from gendan.worklist.models import Item, Kind


def test_it_enters_a_draft_with_lines_instructions_and_money(
    asked: Asked, wang: Person, cup: Sku
) -> None:
    new = asked(
        lines=[NewLine(cup.pk, 2, discount_fen=500)],
        postage_fen=800,
        instructions=[NewInstruction("NO_PRICE"), NewInstruction("CARD", "生日快乐")],
    )

    order = place([new], by=wang, now=NOW).get()

    assert (order.stage, order.source, order.taken_by) == (Stage.DRAFT, Source.PHONE, wang)
    assert (order.goods_fen, order.discount_fen, order.total_fen) == (20000, 500, 20300)
    assert (order.province, order.city, order.district) == ("浙江省", "杭州市", "西湖区")
    assert order.place_key
    assert [line.total_fen for line in order.lines.all()] == [19500]
    assert {i.code for i in order.instructions.all()} == {"NO_PRICE", "CARD"}


def test_it_says_who_took_it(asked: Asked, wang: Person) -> None:
    place([asked()], by=wang, now=NOW)

    told = Entry.objects.filter(verb="order.placed").get()
    assert (told.actor_name, told.facts["count"]) == (wang.name, 1)


def test_all_of_it_is_one_act(asked: Asked, wang: Person) -> None:
    place([asked(is_final=True, instructions=[NewInstruction("NO_PRICE")])], by=wang, now=NOW)

    act = Entry.objects.get(verb="order.placed")
    written = Change.objects.filter(entry=act).values_list("subject__name", flat=True)
    assert set(written) == {
        *("customers_customer", "customers_identity", "customers_address"),
        *("orders_order", "orders_line", "orders_instruction", "worklist_item"),
    }


def test_within_another_act_that_one_goes_on(asked: Asked, wang: Person) -> None:
    with entry("test.outer", by=wang):
        order = place([asked()], by=wang, now=NOW).get()
        with pytest.raises(CannotPay):
            place([asked(is_final=True, paid=Slip("CASH", 20001))], by=wang, now=NOW)
        Order.objects.filter(pk=order.pk).update(flag=1)

    verbs = Change.objects.filter(subject__name="orders_order").values_list(
        "entry__verb", flat=True
    )
    assert sorted(verbs) == ["order.placed", "test.outer"]


def test_it_finds_or_makes_the_customer_by_phone(asked: Asked, wang: Person) -> None:
    first, second = place([asked(), asked()], by=wang, now=NOW)
    third = place([asked(mail="lin@example.com")], by=wang, now=NOW).get()

    assert first.customer == second.customer == third.customer
    assert Customer.objects.get().phone == "13900000001"
    assert set(Identity.objects.values_list("kind", flat=True)) == {"PHONE", "MAIL"}
    assert Address.objects.count() == 1


def test_it_promises_the_wish_or_the_hours_of_the_shop(asked: Asked, wang: Person) -> None:
    news = [asked(wish_on=date(2026, 12, 24)), asked(is_cod=True), asked()]

    wished, on_delivery, unpaid = place(news, by=wang, now=NOW).order_by("pk")

    assert wished.promise_at is not None
    assert wished.promise_at.isoformat() == "2026-12-24T15:59:00+00:00"
    assert on_delivery.promise_at == NOW + timedelta(hours=48)
    assert unpaid.promise_at is None


def test_what_is_urgent_goes_first(asked: Asked, wang: Person) -> None:
    order = place([asked(instructions=[NewInstruction("URGENT")])], by=wang, now=NOW).get()

    assert order.priority == 10


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"receiver_name": " "}, "receiver_name"),
        ({"receiver_phone": "1390000"}, "receiver_phone"),
        ({"receiver_phone": ""}, "receiver_phone"),
        ({"lines": []}, "lines"),
        ({"lines": [NewLine(0, 1)]}, "lines"),
        ({"shop_id": 0}, "shop"),
        ({"wish_on": date(2020, 1, 1)}, "wish_on"),
        ({"instructions": [NewInstruction("CARD")]}, "instructions"),
        ({"instructions": [NewInstruction("DELIVER_ON")]}, "wish_on"),
        ({"discount_fen": 999_999}, "discount"),
        ({"mail": "nobody"}, "mail"),
    ],
)
def test_it_names_the_field_that_is_wrong(
    asked: Asked, wang: Person, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(CannotPlace) as refused:
        place([asked(**wrong)], by=wang, now=NOW)

    assert field in {each.field for each in refused.value.wrongs}
    assert refused.value.sentence


def test_it_places_all_or_none(asked: Asked, wang: Person, cup: Sku) -> None:
    with pytest.raises(CannotPlace) as refused:
        place([asked(), asked(lines=[NewLine(cup.pk, 0)])], by=wang, now=NOW)

    assert [(each.order, each.line) for each in refused.value.wrongs] == [(1, 0)]
    assert not Order.objects.exists()
    assert not Customer.objects.exists()


def test_a_discount_beyond_the_authority_is_refused(asked: Asked, wang: Person, cup: Sku) -> None:
    fine = asked(lines=[NewLine(cup.pk, 1, price_fen=9500)])
    beyond = asked(lines=[NewLine(cup.pk, 1, price_fen=9400)])

    place([fine], by=wang, now=NOW)
    with pytest.raises(CannotPlace) as refused:
        place([beyond], by=wang, now=NOW)

    assert refused.value.wrongs[0].approvable


def test_the_order_s_own_discount_counts_too(asked: Asked, wang: Person) -> None:
    with pytest.raises(CannotPlace):
        place([asked(discount_fen=1100)], by=wang, now=NOW)


def test_below_the_floor_a_supervisor_may_sell(
    asked: Asked, wang: Person, zhao: Person, cup: Sku
) -> None:
    cheap = asked(lines=[NewLine(cup.pk, 1, price_fen=8000)])
    with pytest.raises(CannotPlace):
        place([cheap], by=wang, now=NOW)

    assert place([cheap], by=zhao, now=NOW).get().total_fen == 8000


def test_a_clerk_may_ask_for_approval(asked: Asked, wang: Person, cup: Sku) -> None:
    cheap = asked(lines=[NewLine(cup.pk, 1, price_fen=8000)], asks_approval=True)

    order = place([cheap], by=wang, now=NOW).get()

    item = Item.objects.open().get()
    assert (item.kind, item.subject_id) == (Kind.APPROVAL, order.pk)
    assert order.stage == Stage.DRAFT


def test_asking_for_approval_forgives_nothing_else(asked: Asked, wang: Person) -> None:
    with pytest.raises(CannotPlace):
        place([asked(receiver_name="", asks_approval=True)], by=wang, now=NOW)


def test_a_key_may_place(asked: Asked, db: None) -> None:
    key = ApiKey.objects.model(name="ERP", hint="gd_x", hash="h", scopes=["orders.place"])
    key.pk = 7

    order = place([asked(source=Source.API)], by=key, now=NOW).get()

    assert (order.taken_by, order.source) == (None, Source.API)


def test_a_shop_that_is_not_the_clerk_s_is_unknown_to_them(asked: Asked, stranger: Person) -> None:
    with pytest.raises(CannotPlace) as refused:
        place([asked()], by=stranger, now=NOW)

    assert refused.value.wrongs[0].field == "shop"


def test_at_the_counter_nobody_needs_an_address(asked: Asked, wang: Person, store: Shop) -> None:
    nowhere = type(asked().address)()

    order = place([asked(shop_id=store.pk, address=nowhere)], by=wang, now=NOW).get()

    assert (order.source, order.address) == (Source.COUNTER, "")


def test_a_final_order_goes_where_its_money_lets_it(asked: Asked, wang: Person) -> None:
    news = [
        asked(is_final=True, source=Source.API),
        asked(is_final=True, source=Source.API, paid=Slip("WECHAT", 20000, "W-1", NOW)),
        asked(is_final=True, source=Source.API, is_cod=True),
        asked(is_final=True, is_cod=True),
    ]

    unpaid, paid, on_delivery, unheard = place(news, by=wang, now=NOW + timedelta(hours=1))

    assert [unpaid.stage, paid.stage] == [Stage.UNPAID, Stage.SCREENING]
    assert [on_delivery.stage, unheard.stage] == [Stage.SCREENING, Stage.UNCONFIRMED]
    paid.refresh_from_db()
    assert (paid.paid_fen, paid.paid_at, paid.promise_at) == (20000, NOW, NOW + timedelta(hours=48))
    assert Payment.objects.get().order == paid
    kinds = Item.objects.open().order_by("subject_id").values_list("kind", "subject_id")
    assert list(kinds) == [(Kind.UNPAID, unpaid.pk), (Kind.UNCONFIRMED, unheard.pk)]


@pytest.mark.parametrize("slip", [Slip("CASH", 20001), Slip("CASH", 0), Slip("SHELLS", 20000)])
def test_money_that_does_not_fit_places_nothing(asked: Asked, wang: Person, slip: Slip) -> None:
    with pytest.raises(CannotPay):
        place([asked(), asked(is_final=True, paid=slip)], by=wang, now=NOW)

    assert not Order.objects.exists()


def test_what_is_known_of_new_orders_need_not_be_read(asked: Asked, wang: Person) -> None:
    placed = place([asked()], by=wang, now=NOW)

    with CaptureQueriesContext(connection) as counted:
        order = placed[0]
    assert len(counted) == 0
    kept = Order.objects.get()
    for name in ("number", "stage", "total_fen", "receiver_phone", "made_at", "stage_since"):
        assert getattr(order, name) == getattr(kept, name)


def test_it_costs_the_same_for_1_and_for_300(asked: Asked, wang: Person) -> None:
    def cost(number: int, first: int) -> int:
        news = [
            asked(
                receiver_phone=f"139{first + n:08}",
                instructions=[NewInstruction("NO_PRICE")],
                is_final=True,
            )
            for n in range(number)
        ]
        with CaptureQueriesContext(
            connection,
        ) as counted:
            place(news, by=wang, now=NOW)
        return len(counted)

    assert cost(1, 1) == cost(300, 1000)
    assert Instruction.objects.count() == 301
