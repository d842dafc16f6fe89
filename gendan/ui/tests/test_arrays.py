"""Lists arrive in the database as they are."""

import pytest
from django.db import connection

LISTS: tuple[tuple[list[object], str], ...] = (
    ([3, 1, 2], "int"),
    ([-1, 2**40], "bigint"),
    ([], "int"),
    ([1, None], "int"),
    ([[1, 2], [3, 4]], "int"),
    (['a "b"', "c,d", "{e}"], "text"),
    ([True, False], "boolean"),
    ([1.5, 2.0], "float8"),
)


@pytest.mark.django_db
@pytest.mark.parametrize(("values", "kind"), LISTS)
def test_a_list_comes_back_as_it_was(values: list[object], kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [values])
        assert cursor.fetchone()[0] == values
