"""The pages of intake: dropping files, watching them, mending rows, mapping columns."""

import csv
import io
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gendan.channels.actions import import_files, import_kept
from gendan.channels.models import ColumnMapping, FileState, IncomingFile
from gendan.channels.tests import files
from gendan.channels.tests.conftest import Taker
from gendan.journal.actors import Job
from gendan.orders.models import Order
from gendan.people.models import Person, Shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the tests upload in a folder of their own."""
    monkeypatch.setattr(default_storage, "_location", str(tmp_path / "kept"), raising=False)
    default_storage.__dict__.pop("location", None)
    default_storage.__dict__.pop("base_location", None)


def signed_in(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


def dropped(client: Client, shop: str, path: Path) -> IncomingFile:
    upload = SimpleUploadedFile(path.name, path.read_bytes())
    answer = client.post(reverse("intake-upload"), {"shop": shop, "files": [upload]})
    assert answer.status_code == 302
    return IncomingFile.objects.latest("pk")


def test_a_dropped_file_is_taken_in_by_the_worker(
    client: Client, li: Person, tmp_path: Path
) -> None:
    path = files.as_csv(tmp_path / "a.csv", files.TAOBAO_SUB, [files.sub_order("88001")])
    file = dropped(signed_in(client, li), "TB9", path)
    assert (file.state, file.shop.code, file.name) == (FileState.WAITS, "TB9", "a.csv")
    import_kept([file.pk], by=li)
    file.refresh_from_db()
    assert (file.state, file.new) == (FileState.DONE, 1)
    page = client.get(reverse("intake"))
    assert "a.csv" in page.content.decode()


def test_a_strange_file_is_mapped_once_and_known_from_then_on(
    client: Client, li: Person, store: Shop, tmp_path: Path
) -> None:
    path = files.as_csv(tmp_path / "a.csv", ["Nr", "Art", "Stk"], [["7", "T1", "3"]])
    file = dropped(signed_in(client, li), store.code, path)
    assert file.state == FileState.UNKNOWN
    page = reverse("intake-columns", args=[file.pk])
    assert "Stk" in client.get(page).content.decode()
    refused = client.post(page, {"name": "mine", "of_platform_order": "Nr"})
    assert refused.status_code == 422
    chosen = {"of_platform_order": "Nr", "of_sku_code": "Art", "of_quantity": "Stk"}
    assert client.post(page, {"name": "mine", **chosen}).status_code == 302
    import_kept([file.pk], by=li)
    assert Order.objects.get().lines.get().quantity == 3
    assert ColumnMapping.objects.get().name == "mine"
    again = files.as_csv(tmp_path / "b.csv", ["Stk", "Art", "Nr"], [["1", "T1", "8"]])
    assert import_files(store.code, [again], by=Job("test"))["new"] == 1


def test_the_rows_to_mend_come_with_their_order_and_the_reasons(
    client: Client, li: Person, take: Taker, tmp_path: Path
) -> None:
    bad = files.sub_order("880010000000000000", 2, 购买数量="-2", 商品标题="=1+1")
    take(files.sub_order("880010000000000000"), bad, files.sub_order("88002"))
    file = IncomingFile.objects.get()
    signed_in(client, li)
    answer = client.get(reverse("intake-mend-csv", args=[file.pk]))
    text = b"".join(answer).decode("utf-8-sig")
    header, first, second = csv.reader(io.StringIO(text))
    assert header[:-2] == files.TAOBAO_SUB
    assert first[1] == "\t880010000000000000"
    assert second[3] == "'=1+1"
    assert all((first[-1], first[-2], second[-1], second[-2]))
    second[5] = "2"
    mended = files.as_csv(tmp_path / "mended.csv", header, [first, second])
    assert import_files("TB1", [mended], by=Job("test"))["new"] == 1
    assert client.get(reverse("intake-mend-xlsx", args=[file.pk])).status_code == 200
    page = client.get(reverse("intake-file", args=[file.pk])).content.decode()
    assert "购买数量" in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_our_template_can_be_fed_as_it_is(
    client: Client, li: Person, tmp_path: Path, kind: str
) -> None:
    answer = signed_in(client, li).get(reverse(f"intake-template-{kind}"))
    place = tmp_path / f"template.{kind}"
    place.write_bytes(answer.content)
    report = import_files("ST9", [place], by=Job("test"))
    assert (report["platform"], report["new"], report["rows_in_error"]) == ("OWN", 1, [])
    assert Order.objects.get().total_fen == 25000


def test_a_colleague_without_the_right_takes_nothing_in(
    client: Client, wang: Person, tmp_path: Path
) -> None:
    path = files.as_csv(tmp_path / "a.csv", files.TAOBAO_SUB, [files.sub_order("88001")])
    upload = SimpleUploadedFile("a.csv", path.read_bytes())
    answer = signed_in(client, wang).post(
        reverse("intake-upload"), {"shop": "TB9", "files": [upload]}
    )
    assert answer.status_code == 403
    assert not IncomingFile.objects.exists()


def test_a_stranger_sees_no_file(client: Client, stranger: Person, take: Taker) -> None:
    take(files.sub_order("88001"))
    number = IncomingFile.objects.get().pk
    signed_in(client, stranger)
    for name in ("intake-file", "intake-mend-csv", "intake-mend-xlsx"):
        assert client.get(reverse(name, args=[number])).status_code == 404
    assert "ExportOrder" not in client.get(reverse("intake")).content.decode()
