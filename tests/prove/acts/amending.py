"""What customers want otherwise on the way, what clerks decide about it, and what follows it."""

from datetime import timedelta
from functools import partial

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from gendan.delivery.actions.intercept import accept, refuse
from gendan.delivery.actions.not_stopped import follow_interceptions, settle
from gendan.delivery.models import Interception, Remedy
from gendan.orders.actions import amend
from gendan.orders.actions.change_back import change_back
from gendan.orders.amending import wanted as want
from gendan.orders.amending.wanted import Action
from gendan.orders.models import Amendment, AmendmentQuerySet
from gendan.ui.errors import Refused
from gendan.warehouse.actions.put_back import end_recall, put_back_pieces, start_again
from gendan.warehouse.models import PutBack, Shipment
from gendan.warehouse.stages import Stage
from tests.prove.acts.house import House, among, few, fingerprint, once_ordered, once_planned, who
from tests.prove.cast import BY

once_asked = precondition(lambda self: self.grown("orders_amendment"))
lines = st.integers(1, 3)
skus = st.integers(0, 2)
pieces = st.integers(1, 4)
Wish = tuple[int, int, int, int]  # which, line, SKU, pieces
wishes = st.lists(st.tuples(st.integers(0, 15), lines, skus, pieces), min_size=1, max_size=2)


class Amenders(House):
    """Clerks who change orders at every stage, carriers who answer, packers who put back."""

    def wanted(self, wish: Wish) -> Action:
        which, line, sku, number = wish
        code, asked = self.cast.skus[sku].code, (want.InstructionWanted(code="NO_PRICE"),)
        options: list[Action] = [
            want.SetQuantity(line=line, quantity=number),
            want.ReplaceSku(line=line, sku=code),
            want.AddLine(sku=code, quantity=number),
            want.DropLine(line=line),
            want.SetPrice(line=line, price_fen=990 + 10 * number, discount_fen=number),
            want.SetDiscount(fen=number),
            want.SetPostage(fen=number * 100),
            want.AnotherPlace(text=f"浙江省杭州市西湖区北山街道示例路{number}号"),
            want.ReceiverName(name="许青禾"),
            want.Remark(text="两层气泡膜"),
            want.SellerRemark(text="老客户"),
            want.WishOn(on=timezone.localdate() + timedelta(days=number)),
            want.Instructions(wanted=asked if number > 2 else ()),
            want.InvoiceTo(title="山茶记"),
            want.Stop(),
        ]
        return options[which % len(options)]

    @once_ordered
    @rule(few=few, wishes=wishes, by=who)
    def amend(self, few: list[int], wishes: list[Wish], by: int) -> None:
        """Ask, look, and carry out what was seen: the usual way."""
        asked = self._ask(few[:1], wishes, by)
        if asked:
            self._look_and_confirm(asked, by)

    @once_ordered
    @rule(few=few, wishes=wishes, by=who)
    def ask(self, few: list[int], wishes: list[Wish], by: int) -> None:
        """Somebody decides later."""
        self._ask(few, wishes, by)

    @once_asked
    @rule(few=few, by=who)
    def look_and_confirm(self, few: list[int], by: int) -> None:
        if asked := self._amendments(few, Amendment.objects.open()):
            self._look_and_confirm(asked, by)

    @once_asked
    @rule(few=few, by=who)
    def confirm_unseen(self, few: list[int], by: int) -> None:
        if asked := self._amendments(few, Amendment.objects.all()):
            confirm = partial(amend.confirm, asked, by=self.person(by), now=timezone.now())
            self.do("order.amended", confirm)

    @once_asked
    @rule(few=few, by=who, why=st.sampled_from(("太晚了", "太晚了", "")), no=st.booleans())
    def leave_it(self, few: list[int], by: int, why: str, no: bool) -> None:
        if asked := self._amendments(few, Amendment.objects.open()):
            verb, act = (
                ("amendment.declined", amend.decline)
                if no
                else ("amendment.withdrawn", amend.withdraw)
            )
            self.do(verb, lambda: act(asked, by=self.person(by), now=timezone.now(), why=why))

    @once_asked
    @rule(few=few, by=who, at_once=st.booleans())
    def change_back(self, few: list[int], by: int, at_once: bool) -> None:
        if not (done := self._amendments(few[:1], Amendment.objects.all())):
            return
        known = set(Amendment.objects.values_list("pk", flat=True))
        undo = partial(change_back, done, by=self.person(by), now=timezone.now())
        if self.do("amendment.requested", undo) and at_once:
            self._look_and_confirm(Amendment.objects.exclude(pk__in=known), by)

    @once_asked
    @rule(few=few, by=who)
    def say_told(self, few: list[int], by: int) -> None:
        if done := self._amendments(few, Amendment.objects.all()):
            tell = partial(amend.told_platform, done, by=self.person(by), now=timezone.now())
            self.do("amendment.platform_told", tell)

    @once_planned
    @rule(few=few, by=who)
    def put_back(self, few: list[int], by: int) -> None:
        """Bring everything of a recalled parcel back to its shelf."""
        parcels = Shipment.objects.filter(stage=Stage.RECALLED)
        for parcel in Shipment.objects.numbered(among(parcels, few[:1])):
            rows = PutBack.objects.filter(shipment=parcel).select_related("sku")
            codes = [row.sku.code for row in rows for _n in range(row.quantity - row.counted)]
            back = partial(put_back_pieces, parcel, codes, by=self.person(by))
            if codes:
                self.do("shipment.put_back", back)

    @once_planned
    @rule(few=few, by=who, again=st.integers(0, 3), destroyed=st.booleans())
    def end_recall(self, few: list[int], by: int, again: int, destroyed: bool) -> None:
        parcels = Shipment.objects.filter(stage=Stage.RECALLED)
        chosen = Shipment.objects.numbered(among(parcels, few[:1]))
        if not chosen:
            return
        if again == 0:
            self.do("shipment.put_back_again", partial(start_again, chosen, by=self.person(by)))
            return
        end = partial(end_recall, chosen, by=self.person(by), now=timezone.now())
        self.do("shipment.recall_ended", partial(end, papers_destroyed=destroyed))

    @once_asked
    @rule(few=few, by=who, yes=st.booleans(), words=st.sampled_from(("已在派送", "")))
    def hear_carrier(self, few: list[int], by: int, yes: bool, words: str) -> None:
        if ids := among(Interception.objects.all(), few[:1]):
            asked = Interception.objects.numbered(ids)
            verb, act = (
                ("interception.accepted", accept) if yes else ("interception.refused", refuse)
            )
            self.do(verb, lambda: act(asked, by=self.person(by), now=timezone.now(), words=words))

    @once_asked
    @rule(few=few, by=who, remedy=st.sampled_from(Remedy.values))
    def settle(self, few: list[int], by: int, remedy: str) -> None:
        if ids := among(Interception.objects.all(), few[:1]):
            asked = Interception.objects.numbered(ids)
            done = partial(settle, asked, remedy, by=self.person(by), now=timezone.now())
            self.do("interception.settled", done)

    @once_asked
    @rule(days=st.integers(0, 3))
    def follow_interceptions(self, days: int) -> None:
        now = timezone.now() + timedelta(days=days)
        self.do_any(
            ("item.opened", "item.done", "interception.accepted", "interception.too_late"),
            lambda: follow_interceptions(by=BY, now=now),
        )

    def _ask(self, few: list[int], wishes: list[Wish], by: int) -> AmendmentQuerySet | None:
        wanted = [self.wanted(wish) for wish in wishes]
        known = set(Amendment.objects.values_list("pk", flat=True))
        news = [amend.NewAmendment(order.pk, wanted) for order in self.orders(few)]
        asking = partial(amend.request, news, by=self.person(by), now=timezone.now())
        if not self.do("amendment.requested", asking):
            return None
        return Amendment.objects.exclude(pk__in=known)

    def _look_and_confirm(self, asked: AmendmentQuerySet, by: int) -> None:
        """What was shown is what happens, and looking changes nothing."""
        ids = list(asked.values_list("pk", flat=True))
        chosen, now = Amendment.objects.numbered(ids), timezone.now()
        try:
            seen = amend.preview(chosen, by=self.person(by), now=now)
        except Refused as refusal:
            self.tally.refused[f"amendment.previewed: {type(refusal).__name__}"] += 1
            assert fingerprint() == self.seen, "a refused preview changed something"
            return
        assert fingerprint() == self.seen, "a preview changed something"
        digests = {pk: one.digest for pk, one in seen.items()}
        confirm = partial(amend.confirm, chosen, by=self.person(by), now=now, seen=digests)
        assert self.do("order.amended", confirm), "what was shown is refused"

    def _amendments(self, few: list[int], rows: AmendmentQuerySet) -> AmendmentQuerySet | None:
        ids = among(rows, few)
        return Amendment.objects.numbered(ids) if ids else None
