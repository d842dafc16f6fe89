"""Everything that can happen to customers; one file for each topic."""

from gendan.customers.actions.blacklist import blacklist, forgive
from gendan.customers.actions.keep import forget_addresses, save_addresses
from gendan.customers.actions.meet import find_or_make, keep_addresses
from gendan.customers.actions.save import IdentityTaken, save_customers
from gendan.customers.actions.tag import tag
from gendan.customers.actions.unmask import unmask
from gendan.customers.meeting import Acquaintance

__all__ = [
    "Acquaintance",
    "IdentityTaken",
    "blacklist",
    "find_or_make",
    "forget_addresses",
    "forgive",
    "keep_addresses",
    "save_addresses",
    "save_customers",
    "tag",
    "unmask",
]
