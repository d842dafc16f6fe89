"""Form fields for what a shop counts in: money."""

from decimal import Decimal
from typing import Any

from django import forms

from gendan.ui.wording import fen_number

MOST_YUAN = 10**9


class YuanField(forms.DecimalField):
    """Yuan on the page, fen behind it."""

    def __init__(self, **how: Any) -> None:
        how = {"min_value": 0, "max_value": MOST_YUAN, "decimal_places": 2, **how}
        super().__init__(**how)
        self.widget.attrs.update({"inputmode": "decimal", "step": "0.01"})

    def prepare_value(self, value: Any) -> Any:
        return fen_number(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        yuan: Decimal | None = super().clean(value)
        return None if yuan is None else int(yuan * 100)
