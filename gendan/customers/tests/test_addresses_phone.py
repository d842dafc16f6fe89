"""A phone field is read whatever a platform puts around the number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gendan.customers.addresses import Kind, phone


@pytest.mark.parametrize(
    ("text", "number", "extension", "kind"),
    [
        ("'13900000001", "13900000001", "", Kind.MOBILE),
        ("\t13900000001 ", "13900000001", "", Kind.MOBILE),
        ("86-13900000001", "13900000001", "", Kind.MOBILE),
        ("+86 139 0000 0001", "13900000001", "", Kind.MOBILE),
        ("008613900000001", "13900000001", "", Kind.MOBILE),
        ("013900000001", "13900000001", "", Kind.MOBILE),
        ("１３９０００００００１", "13900000001", "", Kind.MOBILE),
        ('="13900000001"', "13900000001", "", Kind.MOBILE),
        ("15500000000-1234", "15500000000", "1234", Kind.MOBILE),
        ("15500000000转1234", "15500000000", "1234", Kind.MOBILE),
        ("0571-88888888-801", "0571-88888888", "801", Kind.LANDLINE),
        ("86-0571-88888888", "0571-88888888", "", Kind.LANDLINE),
        ("+8657188888888", "0571-88888888", "", Kind.LANDLINE),
        ("(010)88888888", "010-88888888", "", Kind.LANDLINE),
        ("400-800-1234", "4008001234", "", Kind.LANDLINE),
        ("+852 6123 4567", "+85261234567", "", Kind.MOBILE),
        ("1******6198", "1******6198", "", Kind.MASKED),
        ("86-139****0001", "139****0001", "", Kind.MASKED),
        ("$$密文", "$$密文", "", Kind.CIPHER),
        ("12345", "12345", "", Kind.INVALID),
        ("12900000001", "12900000001", "", Kind.INVALID),
        ("139000000011", "139000000011", "", Kind.INVALID),
        ("1.39E+10", "1.39E+10", "", Kind.INVALID),
        ("", "", "", Kind.EMPTY),
        (" - ", "", "", Kind.EMPTY),
    ],
)
def test_it_reads(text: str, number: str, extension: str, kind: Kind) -> None:
    found = phone(text)
    assert (found.number, found.extension, found.kind) == (number, extension, kind)


@given(st.text(alphabet="0123456789+-86*# 转,ext()'\t１", max_size=24))
def test_what_it_gives_reads_the_same_again(text: str) -> None:
    found = phone(text)
    assert phone(str(found)) == found
