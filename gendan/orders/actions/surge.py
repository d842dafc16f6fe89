"""Switching the house to a big day and back, by hand or by how many orders come in."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models.surge import BigDay
from gendan.orders.queries.surge import HOUR, big_day, taken_in
from gendan.ui.errors import Refused

HOW_IT_GOES = ("name", "starts_above", "ends_below", "makes_waves", "wave_limit")


class WrongDay(Refused):
    """Another big day is on, or this one is not, or is over."""


def save_big_day(day: BigDay, *, by: Actor, why: str = "") -> BigDay:
    """Plan a big day, or change how one goes; whether it is on is not touched.

    :raises WrongDay: if it would end above where it begins, and so never rest
    """
    if day.starts_above and day.ends_below and day.ends_below >= day.starts_above:
        raise WrongDay(_("It must end below the number above which it begins."))
    with entry("big_day.saved", by=by, why=why, name=day.name):
        day.save(update_fields=HOW_IT_GOES if day.pk else None)
    return day


def begin(day: BigDay, *, by: Actor, now: datetime, why: str = "") -> BigDay:
    """Switch the house to a big day.

    :raises WrongDay: if one is on already, or this one is over
    """
    try:
        with transaction.atomic(), entry("big_day.began", by=by, why=why, name=day.name):
            fresh = BigDay.objects.filter(pk=day.pk, began_at=None)
            if not fresh.update(began_at=now):
                raise WrongDay(_("This big day has begun already. Plan another one."))
    except IntegrityError as error:
        raise WrongDay(_("Another big day is on. End it first.")) from error
    day.refresh_from_db()
    return day


def end(day: BigDay, *, by: Actor, now: datetime, why: str = "") -> BigDay:
    """Switch the house back.

    :raises WrongDay: if it is not on
    """
    with entry("big_day.ended", by=by, why=why, name=day.name):
        if not BigDay.objects.filter(pk=day.pk, began_at__isnull=False, ended_at=None).update(
            ended_at=now
        ):
            raise WrongDay(_("This big day is not on."))
    day.refresh_from_db()
    return day


def follow_thresholds(*, by: Actor, now: datetime) -> BigDay | None:
    """Begin or end a big day where so many orders come in as it says; return the one it did.

    None ends within its first hour: what came in before it began says nothing of it, and a person
    begins it before the rush.
    """
    on = big_day()
    if on is None:
        planned = BigDay.objects.filter(began_at=None, starts_above__isnull=False)
        first = planned.order_by("starts_above", "pk").first()
        return _begin_if(first, by, now) if first else None
    if on.ends_below is None or on.began_at is None or on.began_at > now - HOUR:
        return None
    if taken_in(now) >= on.ends_below:
        return None
    return end(on, by=by, now=now, why=_("fewer orders come in"))


def _begin_if(day: BigDay, by: Actor, now: datetime) -> BigDay | None:
    if taken_in(now) <= (day.starts_above or 0):
        return None
    return begin(day, by=by, now=now, why=_("so many orders come in"))
