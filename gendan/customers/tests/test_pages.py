"""The pages of customers: masked, unmasked, changed."""

import pytest
from django.test import Client

from conftest import TESTER, OrderMaker, person
from gendan.customers.forms import AddressForm
from gendan.customers.models import Address, Customer
from gendan.customers.queries import customers_of
from gendan.journal.writing import entry
from gendan.people.models import Person, Shop
from gendan.people.permissions import Role


@pytest.fixture
def bought(lin: Customer, make_orders: OrderMaker) -> Customer:
    make_orders(2, customer=lin)
    with entry("test.setup", by=TESTER):
        Address.objects.create(
            customer=lin,
            receiver_name="林一诺",
            receiver_phone="13900000001",
            province="浙江省",
            city="杭州市",
            district="西湖区",
            address="示例路1号",
            division="330106",
        )
    return lin


def test_the_list_masks_and_finds(client: Client, wang: Person, bought: Customer) -> None:
    client.force_login(wang)
    for text in ("林", "0001", "13900000001", "orders > 1", "city = 杭州市", "lin@example.com"):
        page = client.get("/customers/", {"q": text}).content.decode()
        assert "139****0001" in page, text
        assert text == "13900000001" or "13900000001" not in page
    assert "139****0001" not in client.get("/customers/", {"q": "orders > 2"}).content.decode()


def test_people_of_a_shop_see_its_customers_and_those_of_nobody(
    shop: Shop, store: Shop, lin: Customer, make_orders: OrderMaker
) -> None:
    here = person("here", "店员", Role.SERVICE, shop_ids=[shop.pk])
    there = person("there", "别家店员", Role.SERVICE, shop_ids=[store.pk])
    assert list(customers_of(there)) == list(customers_of(here)) == [lin]
    make_orders(2, customer=lin, shop=shop)
    assert list(customers_of(here)) == [lin]
    assert not customers_of(there).exists()


def test_the_page_is_masked_until_somebody_looks(
    client: Client, wang: Person, bought: Customer
) -> None:
    client.force_login(wang)
    page = client.get(f"/customers/{bought.pk}/").content.decode()
    assert "139****0001" in page
    assert "13900000001" not in page
    assert "示例路" not in page
    assert "lin@example.com" not in page
    client.post(f"/customers/{bought.pk}/unmask/")
    page = client.get(f"/customers/{bought.pk}/").content.decode()
    assert "13900000001" in page
    assert "示例路1号" in page


def test_a_masked_form_leaves_name_phone_and_mail_alone(
    client: Client, wang: Person, lin: Customer
) -> None:
    client.force_login(wang)
    form = {"name": "林一", "tags": "老客", "phone": "13800000000"}
    assert client.post(f"/customers/{lin.pk}/", form).status_code == 302
    lin.refresh_from_db()
    assert (lin.name, lin.phone, lin.tags) == ("林一诺", "13900000001", ["老客"])


def test_strangers_get_404_and_colleagues_403(
    client: Client, stranger: Person, chen: Person, li: Person, bought: Customer
) -> None:
    client.force_login(stranger)
    assert client.get(f"/customers/{bought.pk}/").status_code == 404
    client.force_login(chen)
    assert client.get(f"/customers/{bought.pk}/").status_code == 403
    client.force_login(li)
    url = f"/customers/{bought.pk}/blacklist/"
    assert client.post(url, {"why": "x"}).status_code == 403
    bought.refresh_from_db()
    assert bought.blacklisted_at is None


def test_a_new_customer_is_found_when_there(client: Client, wang: Person, lin: Customer) -> None:
    client.force_login(wang)
    client.post("/customers/new/", {"name": "林一诺", "phone": "139 0000 0001", "level": "A"})
    assert Customer.objects.get().level == "A"


def test_an_address_is_pasted_and_saved(client: Client, wang: Person, lin: Customer) -> None:
    client.force_login(wang)
    pasted = {"paste": "周示例，86-13900000002，浙江省 杭州市 西湖区 示例路2号"}
    page = client.post("/customers/address-fields/", pasted).content.decode()
    assert 'value="330106"' in page
    form = {
        "receiver_name": "周示例",
        "receiver_phone": "13900000002",
        "division": "330106",
        "address": "示例路2号",
        "is_default": "on",
    }
    client.post(f"/customers/{lin.pk}/addresses/", form)
    address = Address.objects.get()
    assert (address.province, address.district, address.is_default) == ("浙江省", "西湖区", True)


def test_each_choice_brings_the_next_list() -> None:
    levels = AddressForm(initial={"division": "33"}).levels()
    assert [code for code, _offers in levels] == ["33", ""]
    assert any(offer.name == "杭州市" for offer in levels[1][1])
    whole = AddressForm(initial={"division": "330106"}).levels()
    assert [code for code, _offers in whole] == ["33", "3301", "330106"]
    beijing = AddressForm(initial={"division": "110101"}).levels()
    assert [code for code, _offers in beijing] == ["11", "110101"]


def test_a_division_that_is_not_the_last_is_refused() -> None:
    said = {"receiver_name": "x", "receiver_phone": "13900000002", "address": "x"}
    assert AddressForm({**said, "division": "330106"}).is_valid()
    assert "division" in AddressForm({**said, "division": "3301"}).errors
    assert "division" in AddressForm({**said, "division": "999999"}).errors
