"""Carriers: the form, the file."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gendan.people.models import Person
from gendan.ui.models import Upload
from gendan.warehouse.models import Carrier

FORM = {
    "code": "yuantong",
    "name": "圆通速递",
    "pattern": "YT[0-9]{13}",
    "rank": "1",
    "pickup_hours": "24",
    "movement_hours": "48",
    "sign_hours": "168",
    "is_active": "on",
}


def test_a_carrier_is_added_and_changed(client: Client, zhao: Person) -> None:
    client.force_login(zhao)
    assert client.post("/carriers/new/", FORM).status_code == 302
    carrier = Carrier.objects.get()
    client.post(f"/carriers/{carrier.pk}/", {**FORM, "code": "other", "sign_hours": "96"})
    carrier.refresh_from_db()
    assert (carrier.code, carrier.sign_hours) == ("yuantong", 96)
    assert client.get("/carriers/").status_code == 200


def test_a_pattern_that_cannot_be_read_is_refused(client: Client, zhao: Person) -> None:
    client.force_login(zhao)
    assert client.post("/carriers/new/", {**FORM, "pattern": "YT["}).status_code == 422
    text = "编码,名称,单号规则\nyuantong,圆通,YT[\nshunfeng,顺丰,SF[0-9]{13}\n"
    client.post("/carriers/import/", {"file": SimpleUploadedFile("c.csv", text.encode("gbk"))})
    upload = Upload.objects.get()
    assert upload.told["bad"][0]["row"] == 2
    client.post(f"/carriers/import/?upload={upload.pk}")
    assert Carrier.objects.get().code == "shunfeng"


def test_a_colleague_is_refused(client: Client, wang: Person) -> None:
    client.force_login(wang)
    assert client.post("/carriers/new/", FORM).status_code == 403
    assert not Carrier.objects.exists()
