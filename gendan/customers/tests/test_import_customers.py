"""The archive from a file."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gendan.customers.imports import phone_cell, take_customers
from gendan.customers.models import Address, Customer
from gendan.customers.tests.conftest import statements
from gendan.journal.models import Change
from gendan.people.models import Person
from gendan.ui.importing import ImportRow
from gendan.ui.importing.cells import BadCell
from gendan.ui.models import Upload

PLACE = "浙江省杭州市西湖区北山街道示例路1号"
FILE = (
    "姓名,手机号,标签,收货地址\n"
    f'林一诺,13900000001,"老客,送礼",{PLACE}\n'
    "周示例,1.39E+10,,\n"
    "吴示例,139****0003,,\n"
)


def row(number: int, **more: Any) -> ImportRow:
    return ImportRow(number, {"phone": f"139{number:08}", "name": f"林{number}", **more})


def test_a_file_makes_customers_with_tags_and_addresses(client: Client, wang: Person) -> None:
    client.force_login(wang)
    file = SimpleUploadedFile("archive.csv", FILE.encode("gb18030"))
    assert client.post("/customers/import/", {"file": file}).status_code == 302
    upload = Upload.objects.get()
    assert [bad["row"] for bad in upload.told["bad"]] == [3, 4]
    assert not Customer.objects.exists()
    client.post(f"/customers/import/?upload={upload.pk}")
    customer = Customer.objects.get()
    assert (customer.name, customer.tags) == ("林一诺", ["老客", "送礼"])
    address = Address.objects.get()
    assert (address.city, address.district, address.division[:6]) == ("杭州市", "西湖区", "330106")


def test_the_same_again_changes_nothing(wang: Person) -> None:
    rows = [row(n, address=PLACE, mail=f"l{n}@example.com", tags=["x"]) for n in range(3)]
    assert take_customers(rows, by=wang).new == 3
    changes = Change.objects.count()
    outcome = take_customers(rows, by=wang)
    assert (outcome.new, outcome.changed, outcome.unchanged) == (0, 0, 3)
    assert Change.objects.count() == changes


def test_a_customer_who_is_there_is_changed(wang: Person) -> None:
    take_customers([row(1)], by=wang)
    outcome = take_customers([row(1, level="A", address=PLACE)], by=wang)
    assert (outcome.new, outcome.changed) == (0, 1)
    assert Customer.objects.get().level == "A"


def test_a_mail_of_another_customer_is_a_bad_row(wang: Person) -> None:
    take_customers([row(1, mail="a@example.com")], by=wang)
    again = [
        row(2, mail="a@example.com"),
        row(3, mail="b@example.com"),
        row(4, mail="b@example.com"),
    ]
    take_customers([row(2)], by=wang)
    outcome = take_customers(again, by=wang)
    assert [wrong.number for wrong in outcome.mistakes] == [2, 4]


@pytest.mark.parametrize("cell", ["1.39E+10", "139****0001", "12345"])
def test_phones_that_cannot_be_dialled_are_refused(cell: str) -> None:
    with pytest.raises(BadCell):
        phone_cell(cell)


def test_it_costs_the_same_for_one_and_for_three_hundred(wang: Person) -> None:
    one = statements(lambda: take_customers([row(0, address=PLACE)], by=wang))
    many = [row(n, address=PLACE) for n in range(1, 301)]
    assert statements(lambda: take_customers(many, by=wang)) == one


def test_a_colleague_without_the_right_is_refused(client: Client, li: Person) -> None:
    client.force_login(li)
    assert client.get("/customers/import/").status_code == 403
