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
    Kind.AMENDMENT: Terms(Role.SERVICE, 30),
    Kind.TELL_PLATFORM: Terms(Role.SERVICE, 60),
    Kind.REFUND_DUE: Terms(Role.FINANCE, 240),
    Kind.INTERCEPTION: Terms(Role.MERCHANDISER, 30),
    Kind.NOT_STOPPED: Terms(Role.SERVICE, 15),
    Kind.QUESTION: Terms(Role.SERVICE, 15),
    Kind.SAMPLE: Terms(Role.SUPERVISOR, 2400),
    Kind.CHASE: Terms(Role.SERVICE, 30),
    Kind.COMBINE: Terms(Role.REVIEWER, 60),
    Kind.CHOICE: Terms(Role.SERVICE, 240),
    Kind.LATE: Terms(Role.MERCHANDISER, 120),
    Kind.URGENT: Terms(Role.SUPERVISOR, 15),
    Kind.FINANCE: Terms(Role.FINANCE, 120),
    Kind.LONG_HELD: Terms(Role.SUPERVISOR, 240),
    Kind.SOURCING: Terms(Role.MERCHANDISER, 120),
    Kind.PUBLISH: Terms(Role.MERCHANDISER, 60),
    Kind.RECONCILE: Terms(Role.MERCHANDISER, 240),
    Kind.MISTAKE: Terms(Role.SUPERVISOR, 960),
    Kind.MESSAGE: Terms(Role.SERVICE, 60),
    Kind.JOB: Terms(Role.ADMIN, 60),
}
ESCALATES_TO = Role.SUPERVISOR
