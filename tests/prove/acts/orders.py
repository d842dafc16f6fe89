"""What is done to orders before they are screened, and to waiting work items."""

from datetime import timedelta

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from gendan.customers.addresses import split
from gendan.orders import actions
from gendan.orders.actions import NewPayment
from gendan.orders.actions.correct import Receiver, correct
from gendan.orders.newcomers import NewInstruction, NewOrder
from gendan.orders.stages import Stage
from gendan.worklist import actions as worklist
from gendan.worklist.models import Item
from tests.prove.acts.house import House, among, few, fits, once_ordered, who
from tests.prove.cast import BY, asked

Basket = list[tuple[int, int]]  # which SKU, pieces
ASKED = (Stage.UNPAID, Stage.UNCONFIRMED)
EARLY = (Stage.DRAFT, *ASKED, Stage.SCREENING, Stage.HELD)
baskets = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 3)),
    min_size=1,
    max_size=2,
    unique_by=lambda b: b[0],
)
buyers = st.integers(0, 2)
shares = st.sampled_from((100, 100, 100, 40, 130))  # percent of what is still to be paid


class Orders(House):
    """A clerk, a customer and the jobs of the orders' room."""

    def wish(self, basket: Basket, buyer: int, is_cod: bool, gift: bool) -> NewOrder:
        new = asked(self.cast, basket, buyer=buyer, house=buyer + 1)
        said = [NewInstruction("NO_PRICE")] if gift else []
        return NewOrder(**(vars(new) | {"is_cod": is_cod, "instructions": said}))

    @rule(basket=baskets, buyer=buyers, is_cod=st.booleans(), gift=fits, by=who)
    def place(self, basket: Basket, buyer: int, is_cod: bool, gift: bool, by: int) -> None:
        news = [self.wish(basket, buyer, is_cod and not gift, not gift)] * (1 + buyer % 2)
        self.do(
            "order.placed",
            lambda: actions.place(news, by=self.person(by), now=timezone.now()),
        )

    @rule(basket=baskets, buyer=buyers, by=who)
    def place_and_pay(self, basket: Basket, buyer: int, by: int) -> None:
        """The usual way, so that orders get far."""
        self.place(basket=basket, buyer=buyer, is_cod=False, gift=True, by=by)
        self.read_again(few=[-1], fits=True, by=by, pays=True, heard=True)

    @once_ordered
    @rule(few=few, fits=fits, basket=baskets, buyer=buyers, by=who)
    def rewrite(self, few: list[int], fits: bool, basket: Basket, buyer: int, by: int) -> None:
        ids = among(self.orders(few, fits, Stage.DRAFT), few)
        if ids:
            news = dict.fromkeys(ids, self.wish(basket, buyer, False, False))
            self.do(
                "order.rewritten",
                lambda: actions.rewrite(news, by=self.person(by), now=timezone.now()),
            )

    @once_ordered
    @rule(few=few, fits=fits, by=who, pays=st.booleans(), heard=st.booleans())
    def read_again(self, few: list[int], fits: bool, by: int, pays: bool, heard: bool) -> None:
        drafts = self.orders(few, fits, Stage.DRAFT)
        money = [
            NewPayment(order.pk, "CASH", order.total_fen)
            for order in drafts
            if pays and not order.is_cod
        ]
        now = timezone.now()
        self.do(
            "order.read_again",
            lambda: actions.read_again(
                drafts, by=self.person(by), now=now, payments=money, heard=heard
            ),
        )

    @once_ordered
    @rule(few=few, fits=fits, share=shares, slip=st.sampled_from(("", "", "S-1", "S-2")), by=who)
    def pay(self, few: list[int], fits: bool, share: int, slip: str, by: int) -> None:
        unpaid = self.orders(few, fits, Stage.UNPAID)
        money = [
            NewPayment(order.pk, "WECHAT", (order.total_fen - order.paid_fen) * share // 100, slip)
            for order in unpaid
        ]
        if money:
            self.do(
                "order.paid",
                lambda: actions.pay(money, by=self.person(by), now=timezone.now()),
            )

    @once_ordered
    @rule(few=few, fits=fits, by=who)
    def confirm(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.orders(few, fits, *ASKED)
        self.do(
            "order.confirmed",
            lambda: actions.confirm(chosen, by=self.person(by), now=timezone.now()),
        )

    @once_ordered
    @rule(few=few, fits=fits, words=st.sampled_from(("颜色不对", "")), by=who)
    def object_to(self, few: list[int], fits: bool, words: str, by: int) -> None:
        chosen = self.orders(few, fits, *ASKED)
        self.do(
            "order.objected",
            lambda: actions.object_to(chosen, by=self.person(by), now=timezone.now(), words=words),
        )

    @once_ordered
    @rule(few=few, fits=fits, by=who)
    def send_confirmation(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.orders(few, fits, *ASKED)
        mails = dict.fromkeys(chosen.values_list("pk", flat=True), "lin@example.com")
        self.do(
            "order.confirmation_sent",
            lambda: actions.send_confirmation(
                chosen, by=self.person(by), now=timezone.now(), mails=mails
            ),
        )

    @once_ordered
    @rule(few=few, fits=fits, gift=st.booleans(), by=who)
    def change(self, few: list[int], fits: bool, gift: bool, by: int) -> None:
        chosen = self.orders(few, fits, *EARLY)
        wanted = [NewInstruction("NO_PRICE")] if gift else []
        self.do(
            "order.changed",
            lambda: actions.change(
                chosen, by=self.person(by), instructions=wanted, warehouse_remark="轻放"
            ),
        )

    @once_ordered
    @rule(few=few, fits=fits, house=st.integers(1, 3), by=who)
    def correct(self, few: list[int], fits: bool, house: int, by: int) -> None:
        place = split(f"浙江省杭州市西湖区北山街道示例路{house}号")
        chosen = self.orders(few, fits, *EARLY, Stage.READY, Stage.SHORT)
        said = dict.fromkeys(chosen.values_list("pk", flat=True), Receiver(address=place))
        self.do("order.corrected", lambda: correct(said, by=self.person(by)))

    @once_ordered
    @rule(few=few, why=st.sampled_from(("不想要了", "不想要了", "")), by=who)
    def cancel(self, few: list[int], why: str, by: int) -> None:
        chosen = self.orders(few[:1])
        self.do(
            "order.cancelled",
            lambda: actions.cancel(chosen, by=self.person(by), now=timezone.now(), why=why),
        )

    @once_ordered
    @rule(few=few, by=who)
    def shipped_elsewhere(self, few: list[int], by: int) -> None:
        chosen = self.orders(few[:1])
        self.do(
            "order.shipped_elsewhere",
            lambda: actions.shipped_elsewhere(
                chosen, by=self.person(by), now=timezone.now(), why="分仓发货"
            ),
        )

    @once_ordered
    @rule(few=few, yes=st.booleans(), fits=fits, by=who)
    def decide_on_price(self, few: list[int], yes: bool, fits: bool, by: int) -> None:
        chosen = self.orders(few, fits, Stage.DRAFT)
        verb, act = (
            ("order.price_approved", actions.approve_price)
            if yes
            else ("order.price_refused", actions.refuse_price)
        )
        self.do(verb, lambda: act(chosen, by=self.person(by), now=timezone.now(), why="看过"))

    @once_ordered
    @rule(few=few, urgent=st.booleans(), by=who)
    def urge(self, few: list[int], urgent: bool, by: int) -> None:
        verb = "order.urged" if urgent else "order.not_urged"
        chosen = self.orders(few)
        self.do(verb, lambda: actions.urge(chosen, by=self.person(by), urgent=urgent))

    @once_ordered
    @rule(few=few, by=who)
    def unmask(self, few: list[int], by: int) -> None:
        chosen = self.orders(few)
        self.do(
            "order.unmasked",
            lambda: actions.unmask(chosen, by=self.person(by), now=timezone.now()),
        )

    @once_ordered
    @rule()
    def tend(self) -> None:
        self.do_any(
            ("item.opened", "item.done", "order.confirmation_sent"),
            lambda: actions.tend(by=BY, now=timezone.now()),
        )

    @once_ordered
    @rule()
    def close_unpaid(self) -> None:
        later = timezone.now() + timedelta(hours=80)
        self.do(
            "order.cancelled",
            lambda: actions.close_unpaid(hours=72, by=BY, now=later),
            job=True,
        )

    @once_ordered
    @rule(few=few, by=who)
    def claim(self, few: list[int], by: int) -> None:
        items = Item.objects.filter(pk__in=among(Item.objects.all(), few))
        self.do("item.claimed", lambda: worklist.claim(items, by=self.person(by)))

    @once_ordered
    @rule(few=few, to=who, by=who)
    def hand_on(self, few: list[int], to: int, by: int) -> None:
        items = Item.objects.filter(pk__in=among(Item.objects.all(), few))
        self.do(
            "item.handed_over",
            lambda: worklist.hand_over(items, self.person(to), by=self.person(by), why="换班"),
        )

    @once_ordered
    @rule(few=few, by=who)
    def finish(self, few: list[int], by: int) -> None:
        """Only what a person may end: what waits about an order ends with what it waits for."""
        mine = Item.objects.filter(kind="RECALLED")
        items = Item.objects.filter(pk__in=among(mine, few))
        self.do(
            "item.done",
            lambda: worklist.finish(items, by=self.person(by), now=timezone.now(), why="放回货架"),
            job=True,  # where nothing waits any more, nobody has done anything
        )

    @once_ordered
    @rule()
    def escalate(self) -> None:
        later = timezone.now() + timedelta(days=9)
        self.do("item.escalated", lambda: worklist.escalate(by=BY, now=later), job=True)
