"""The pages of the desk, the customer's link, and the API."""

import pytest
from django.test import Client
from django.urls import reverse

from gendan.desk import links
from gendan.desk.actions import rewrite, send
from gendan.desk.models import Channel, Message, Script, State
from gendan.desk.tests.conftest import NOW, Written
from gendan.journal.models import Entry
from gendan.people.actions import make_key
from gendan.people.models import Person


@pytest.fixture
def asked(written: Written, wang: Person) -> Message:
    return send(written(channel=Channel.CHAT, to="13900000001"), by=wang, now=NOW).get()


def test_a_script_is_written(client: Client, zhao: Person) -> None:
    client.force_login(zhao)
    client.get(reverse("scripts"))
    new = {"topic": "OTHER", "name": "道歉", "text": "{收件人}，对不起", "position": 5}

    answer = client.post(reverse("script-new"), new)

    script = Script.objects.get(name="道歉")
    assert answer["Location"] == reverse("script", args=[script.pk])
    assert script.code.startswith("OTHER_")


def test_service_agents_read_scripts_but_do_not_change_them(client: Client, wang: Person) -> None:
    client.force_login(wang)

    assert client.get(reverse("scripts")).status_code == 200
    assert client.get(reverse("script-new")).status_code == 403


def test_a_draft_is_changed_and_sent(client: Client, written: Written, wang: Person) -> None:
    client.force_login(wang)
    message = written().get()
    page = reverse("message-send", args=[message.pk])

    client.post(page, {"text": "您好，茶到了", "to": "lin@example.com", "send": "1"})

    message.refresh_from_db()
    assert (message.text, message.state) == ("您好，茶到了", State.SENDING)


def test_whom_it_went_to_is_masked_until_somebody_looks(
    client: Client, asked: Message, wang: Person
) -> None:
    client.force_login(wang)
    page = reverse("message", args=[asked.pk])

    hidden = client.get(page).content.decode()
    shown = client.post(reverse("message-unmask", args=[asked.pk])).content.decode()

    assert "13900000001" not in hidden
    assert "139****0001" in hidden
    assert "13900000001" in shown
    assert Entry.objects.get(verb="message.unmasked").actor_name == wang.name


def test_what_happened_to_it_names_nobody(client: Client, written: Written, wang: Person) -> None:
    client.force_login(wang)
    message = written(text="寄往 浙江省杭州市西湖区北山街道8号，电话 13900000001").get()
    rewrite(message, message.text + "。", to=message.to, by=wang)
    send(Message.objects.filter(pk=message.pk), by=wang, now=NOW)

    page = client.get(reverse("message", args=[message.pk])).content.decode()

    assert "浙江省杭州市西湖区****" in page
    assert "13900000001" not in page
    assert "北山街道" not in page


def test_the_list_shows_how_a_text_begins(client: Client, written: Written, wang: Person) -> None:
    client.force_login(wang)
    written(text="很长的话" * 50)

    shown = client.get(reverse("messages")).content.decode()

    assert "很长的话" in shown
    assert "很长的话" * 20 not in shown


def test_the_clerk_notes_the_answer(client: Client, asked: Message, wang: Person) -> None:
    client.force_login(wang)

    client.post(reverse("message-answer", args=[asked.pk]), {"answer": "WAIT", "words": "行"})

    asked.refresh_from_db()
    assert (asked.answer, asked.words) == ("WAIT", "行")


def test_taking_it_back_needs_a_reason(client: Client, asked: Message, wang: Person) -> None:
    client.force_login(wang)
    page = reverse("message-withdraw", args=[asked.pk])

    assert client.post(page, {"why": " "}).status_code == 422
    assert client.post(page, {"why": "货到了"}).status_code == 302


@pytest.mark.parametrize("act", ["send", "answer", "withdraw", "unmask"])
def test_strangers_find_nothing(client: Client, asked: Message, stranger: Person, act: str) -> None:
    client.force_login(stranger)
    assert client.post(reverse(f"message-{act}", args=[asked.pk])).status_code == 404


def test_the_customer_chooses_on_their_page(client: Client, asked: Message) -> None:
    page = reverse("say", args=[links.token(asked)])
    assert "等到周五" in client.get(page).content.decode()

    client.post(page, {"answer": "WAIT"})
    again = client.post(page, {"answer": "REFUND"})

    asked.refresh_from_db()
    assert asked.answer == "WAIT"
    assert again.status_code == 422


def test_a_link_that_we_did_not_make_shows_nothing(client: Client, db: None) -> None:
    assert client.get(reverse("say", args=["1:made-up"])).status_code == 404


def test_the_api_masks_and_answers(client: Client, asked: Message, admin: Person) -> None:
    _key, secret = make_key(by=admin, name="crm", scopes=["desk.see", "desk.write"])
    program = Client(headers={"Authorization": f"Bearer {secret}"})

    (row,) = program.get("/api/messages").json()["rows"]
    done = program.post(
        "/api/messages/answer",
        {"ids": [asked.pk], "code": "WAIT"},
        content_type="application/json",
    )

    assert row["to"] == "139****0001"
    assert done.json() == [{"id": asked.pk, "state": "ANSWERED"}]


def test_a_key_without_the_scope_is_refused(client: Client, asked: Message, admin: Person) -> None:
    _key, secret = make_key(by=admin, name="crm", scopes=["orders.see"])
    program = Client(headers={"Authorization": f"Bearer {secret}"})

    assert program.get("/api/messages").status_code == 403
