"""Whom each kind of work item belongs to, and how many working minutes they have."""

from typing import NamedTuple

from gendan.people.permissions import Role
from gendan.worklist.models import Kind


class Terms(NamedTuple):
    role: Role
    minutes: int  # of business hours


TERMS: dict[Kind, Terms] = {
    Kind.HELD: Terms(Role.REVIEWER, 60),
    Kind.SHORT: Terms(Role.MERCHANDISER, 240),
    Kind.UNPAID: Terms(Role.SERVICE, 120),
    Kind.UNCONFIRMED: Terms(Role.SERVICE, 60),
    Kind.OBJECTION: Terms(Role.SERVICE, 15),
    Kind.APPROVAL: Terms(Role.SUPERVISOR, 30),
    Kind.UNMAPPED: Terms(Role.MERCHANDISER, 60),
    Kind.IMPORT: Terms(Role.MERCHANDISER, 60),
    Kind.PLATFORM: Terms(Role.SERVICE, 15),
    Kind.RECALLED: Terms(Role.WAREHOUSE, 60),
    Kind.WRITE_BACK: Terms(Role.WAREHOUSE, 120),
    Kind.TRACKING: Terms(Role.MERCHANDISER, 240),
    Kind.NOT_PICKED_UP: Terms(Role.WAREHOUSE, 120),
    Kind.NO_MOVEMENT: Terms(Role.MERCHANDISER, 240),
    Kind.DELIVERY_FAILED: Terms(Role.SERVICE, 60),
    Kind.NOT_SIGNED: Terms(Role.SERVICE, 240),
    Kind.REFUSED: Terms(Role.SERVICE, 60),
    Kind.CUSTOMER: Terms(Role.SERVICE, 15),
    Kind.JOB: Terms(Role.ADMIN, 60),
}
ESCALATES_TO = Role.SUPERVISOR
