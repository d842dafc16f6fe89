"""Addresses, names and phones as customers write them, read into official divisions.

Nothing here touches the database; intake, the order page and screening call it alike.
"""

from gendan.customers.addresses.divisions import (
    Division,
    Names,
    is_known,
    names,
    search_divisions,
)
from gendan.customers.addresses.problems import Problem, sentence
from gendan.customers.addresses.split import Address, split, split_fields

__all__ = [
    "Address",
    "Division",
    "Names",
    "Problem",
    "is_known",
    "names",
    "search_divisions",
    "sentence",
    "split",
    "split_fields",
]
