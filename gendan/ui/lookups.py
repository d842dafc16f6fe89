"""Lookups of our own: membership of a list of any length, and what stands in Chinese text."""

from typing import Any

from django.db.models import Field, ForeignKey, Lookup
from django.db.models.lookups import IContains


@ForeignKey.register_lookup
@Field.register_lookup
class AnyOf(Lookup):
    """Compare with an array: `id = ANY(%s)`, however long the list is.

    Keys are compared with keys of their own type: PostgreSQL hashes only such a list where it has
    to look through it row by row.
    """

    lookup_name = "any"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [list(value)]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, params = self.process_lhs(compiler, connection)
        right, values = self.process_rhs(compiler, connection)
        of_keys = "::bigint[]" if self.lhs.output_field.db_type(connection) == "bigint" else ""
        return f"{left} = ANY({right}{of_keys})", [*params, *values]


@Field.register_lookup
class ContainsInAnyCase(IContains):
    """`icontains`, which leaves the text as it is where there are no capitals to look for.

    To write each row's text in capitals takes three times as long as to look through it.
    """

    def __init__(self, lhs: Any, rhs: Any) -> None:
        super().__init__(lhs, rhs)
        if isinstance(self.rhs, str) and self.rhs.upper() == self.rhs.lower():
            self.lookup_name = "contains"
