"""The pages on which orders are checked, sent back, asked about and sampled."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import OrderMaker
from gendan.desk.models import Channel, Message, State
from gendan.desk.scripts import install_scripts
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.actions import send_confirmation
from gendan.orders.actions.ask import NewQuestion, ask
from gendan.orders.actions.correct import correct
from gendan.orders.actions.sample import draw
from gendan.orders.actions.send_confirmation import Way
from gendan.orders.checking import progress_of
from gendan.orders.confirmed import CONFIRMATIONS
from gendan.orders.models import Answer, CheckItem, Confirmation, Order, Question, Sample, Tick
from gendan.orders.models.sampling import monday_of
from gendan.orders.queries.as_of import sheet_as_of
from gendan.orders.receivers import Receiver
from gendan.orders.stages import Source, Stage
from gendan.people.models import Person


@pytest.fixture
def order(make_orders: OrderMaker) -> Order:
    return make_orders(1, stage=Stage.UNCONFIRMED, source=Source.PHONE).get()


@pytest.fixture
def sent(order: Order, wang: Person) -> Confirmation:
    way = Way(Channel.PRINT)
    send_confirmation(Order.objects.all(), by=wang, now=timezone.now(), way=way)
    return Confirmation.objects.get()


def page(name: str, order: Order) -> str:
    return reverse(name, args=[order.number])


def test_every_item_is_ticked_and_the_customer_agrees(
    client: Client, order: Order, wang: Person
) -> None:
    client.force_login(wang)
    url = page("order-check", order)
    assert client.get(url).status_code == 200

    for one in progress_of(Order.objects.all())[order.pk].items:
        mark = {"act": "right", "item": one.item.pk, "seen": one.content}
        assert client.post(url, mark).status_code == 200
    done = client.post(url, {"act": "finish", "channel": "PHONE", "words": "对的"})

    assert done.status_code == 302
    order.refresh_from_db()
    assert order.stage == Stage.SCREENING
    assert Confirmation.objects.get().words == "对的"


def test_what_is_wrong_leads_to_the_change(client: Client, order: Order, wang: Person) -> None:
    client.force_login(wang)
    url = page("order-check", order)
    client.get(url)
    item = CheckItem.objects.get(code="RECEIVER")

    without = client.post(url, {"act": "wrong", "item": item.pk, "seen": order.receiver_name})
    answer = client.post(
        url, {"act": "wrong", "item": item.pk, "seen": order.receiver_name, "words": "林二诺"}
    )

    assert without.status_code == 422
    assert "林二诺" in answer.content.decode()
    assert Tick.objects.get().mark == "WRONG"
    client.post(url, {"act": "undo", "item": item.pk})
    assert not Tick.objects.exists()


def test_the_whole_order_is_asked_about_in_writing(
    client: Client, order: Order, wang: Person
) -> None:
    client.force_login(wang)

    answer = client.post(page("order-check-write", order), {"channel": "CHAT"})

    message = Message.objects.get()
    assert answer["Location"] == reverse("message", args=[message.pk])
    assert order.receiver_name in message.text
    assert message.state == State.DRAFT


def test_the_document_is_compared_and_sent(client: Client, order: Order, wang: Person) -> None:
    client.force_login(wang)
    url = page("order-document", order)
    digest = client.get(url).context["edition"].digest

    client.post(url, {"channel": "MAIL", "to_MAIL": "lin@example.com", "digest": digest})

    assert Confirmation.objects.get().mail == "lin@example.com"


def test_an_older_document_is_not_sent(client: Client, order: Order, wang: Person) -> None:
    client.force_login(wang)
    url = page("order-document", order)
    digest = client.get(url).context["edition"].digest
    correct({order.pk: Receiver(name="林二诺")}, by=wang)

    answer = client.post(url, {"channel": "CHAT", "digest": digest})

    assert answer.status_code == 422
    assert not Confirmation.objects.exists()


def test_a_print_is_opened_as_it_was_made(client: Client, sent: Confirmation, wang: Person) -> None:
    client.force_login(wang)
    correct({sent.order_id: Receiver(name="林二诺")}, by=wang)

    answer = client.get(reverse("confirmation-pdf", args=[sent.pk]))

    assert answer.content.startswith(b"%PDF")
    assert "林二诺" not in str(sent.sheet)


def test_what_changed_since_is_shown(client: Client, sent: Confirmation, wang: Person) -> None:
    client.force_login(wang)
    correct({sent.order_id: Receiver(name="林二诺")}, by=wang)

    changed = client.get(page("order-document", sent.order)).context["changed"]

    assert [("林二诺" in line.other) for line in changed] == [True]


@pytest.mark.parametrize("tab", ["waiting", "confirmed", "objected", "questions", "outdated"])
def test_the_list_has_a_tab_for_each_answer(
    client: Client, sent: Confirmation, wang: Person, tab: str
) -> None:
    client.force_login(wang)
    with entry("test.setup", by=wang):
        if tab in ("confirmed", "objected"):
            Confirmation.objects.update(answer=tab.upper(), answered_at=timezone.now())
    if tab == "questions":
        ask([NewQuestion(sent.order_id, "？", "CHAT", sent.pk)], by=wang, now=timezone.now())
    if tab == "outdated":
        correct({sent.order_id: Receiver(name="林二诺")}, by=wang)

    shown = client.get(reverse("confirmations"), {"tab": tab}).content.decode()

    assert sent.order.number in shown


def test_outdated_ones_are_sent_anew_from_the_list(sent: Confirmation, wang: Person) -> None:
    correct({sent.order_id: Receiver(name="林二诺")}, by=wang)
    with entry("test.setup", by=wang):
        Confirmation.objects.update(channel="MAIL", mail="lin@example.com")

    CONFIRMATIONS.actions[0].run(Confirmation.objects.all(), by=wang, why="", data=None)

    assert [each.answer for each in Confirmation.objects.order_by("pk")] == [
        Answer.REPLACED,
        Answer.WAITING,
    ]


def test_a_question_is_noted_and_answered(client: Client, order: Order, wang: Person) -> None:
    client.force_login(wang)
    client.post(page("order-ask", order), {"channel": "PHONE", "words": "能开专票吗？"})
    question = Question.objects.get()
    url = reverse("question", args=[question.pk])
    assert "能开专票吗？" in client.get(url).content.decode()

    client.post(url, {"channel": "PHONE", "text": "可以"})

    question.refresh_from_db()
    assert question.answered_at


def test_the_orders_page_shows_what_was_said(client: Client, order: Order, wang: Person) -> None:
    client.force_login(wang)
    install_scripts(by=wang)
    client.post(page("order-write", order), {"channel": "CHAT"})

    shown = client.get(page("order", order)).content.decode()

    assert reverse("message", args=[Message.objects.get().pk]) in shown


def test_a_drawn_document_stands_beside_its_order_as_it_was(
    client: Client, sent: Confirmation, zhao: Person, wang: Person
) -> None:
    draw(monday_of(timezone.localdate()), by=zhao, now=timezone.now())
    correct({sent.order_id: Receiver(name="林二诺")}, by=wang)
    client.force_login(zhao)
    sample = Sample.objects.get()

    lines = client.get(reverse("sample", args=[sample.pk])).context["lines"]

    assert not [line for line in lines if line.differs]
    newest = Entry.objects.order_by("-pk")[0].pk
    assert "林二诺" in str(sheet_as_of(sent.order, newest))


def test_it_is_judged_and_counted(client: Client, sent: Confirmation, zhao: Person) -> None:
    draw(monday_of(timezone.localdate()), by=zhao, now=timezone.now())
    client.force_login(zhao)

    page_of = reverse("sample", args=[Sample.objects.get().pk])
    client.post(page_of, {"PRICE": "少写了优惠", "RECEIVER": "名字写错", "QUANTITY": " "})

    (record,) = client.get(reverse("samples")).context["records"]
    assert (record.name, record.judged, record.wrong, record.faults) == ("王小满", 1, 1, 2)
    shown = client.get(page_of).content.decode()
    assert "少写了优惠" in shown
    assert "名字写错" in shown
    assert "名字写错" in client.get(reverse("samples") + "?tab=faults&q=优惠").content.decode()


@pytest.mark.parametrize("posted", [{"PRICE": " "}, {"right": "1", "PRICE": "少写了"}])
def test_neither_nothing_nor_right_with_faults_is_a_judgement(
    client: Client, sent: Confirmation, zhao: Person, posted: dict[str, str]
) -> None:
    draw(monday_of(timezone.localdate()), by=zhao, now=timezone.now())
    client.force_login(zhao)

    answer = client.post(reverse("sample", args=[Sample.objects.get().pk]), posted)

    assert (answer.status_code, Sample.objects.get().judged_at) == (422, None)


@pytest.mark.parametrize(
    "name",
    ["check-items", "check-item-new", "check-rules", "check-rule-new", "samples", "confirmations"],
)
def test_settings_open(client: Client, zhao: Person, name: str) -> None:
    client.force_login(zhao)
    assert client.get(reverse(name)).status_code == 200


def test_an_item_is_written(client: Client, zhao: Person) -> None:
    client.force_login(zhao)
    new = {"name": "发票", "content": "{买家}", "say": "“{买家}？”", "position": 5, "is_on": "on"}

    client.post(reverse("check-item-new"), new)
    wrong = client.post(reverse("check-item-new"), {**new, "say": "{没有的}"})

    assert CheckItem.objects.filter(name="发票").count() == 1
    assert wrong.status_code == 422


@pytest.mark.parametrize("name", ["order-check", "order-document", "order-ask", "order-write"])
def test_strangers_find_nothing(client: Client, order: Order, stranger: Person, name: str) -> None:
    client.force_login(stranger)
    assert client.get(page(name, order)).status_code == 404


@pytest.mark.parametrize("name", ["order-check", "order-document", "order-ask", "order-write"])
def test_the_warehouse_does_not_ask_customers(
    client: Client, order: Order, chen: Person, name: str
) -> None:
    client.force_login(chen)
    assert client.get(page(name, order)).status_code == 403


def test_samples_are_for_supervisors(client: Client, wang: Person) -> None:
    client.force_login(wang)
    assert client.get(reverse("samples")).status_code == 403
