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
from gendan.customers.addresses.paste import Confidence, Pasted, read_paste, read_pastes
from gendan.customers.addresses.phones import Kind, Phone, phone
from gendan.customers.addresses.placekey import place_key, same_place
from gendan.customers.addresses.problems import Problem, sentence
from gendan.customers.addresses.split import Address, split, split_fields

__all__ = [
    "Address",
    "Confidence",
    "Division",
    "Kind",
    "Names",
    "Pasted",
    "Phone",
    "Problem",
    "is_known",
    "names",
    "phone",
    "place_key",
    "read_paste",
    "read_pastes",
    "same_place",
    "search_divisions",
    "sentence",
    "split",
    "split_fields",
]
