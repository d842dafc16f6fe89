"""`field__any=[...]`: membership of a list of any length as one array parameter."""

from typing import Any

from django.db.models import Field, ForeignKey, Lookup


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
