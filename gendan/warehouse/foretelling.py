"""What later rooms say of parcels before they are combined or split: a place for them.

A room that has something to say puts `foretelling.py` beside its models and calls `foretell` there;
the modules are loaded when the house starts. They are asked while the act is done and not yet
undone (docs/adr/0021), so they look at the parcels as they would be.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Foretold:
    """A part of the preview, drawn by a template; warnings are said above the button, too."""

    template: str
    context: Mapping[str, Any]
    warnings: Sequence[str] = field(default_factory=tuple)


Foreteller = Callable[[Mapping[int, str]], Foretold | None]  # asked with the names of the parcels
FORETELLERS: list[Foreteller] = []


def foretell(foreteller: Foreteller) -> Foreteller:
    """Add to every preview of parcels what the function returns; use it as a decorator."""
    FORETELLERS.append(foreteller)
    return foreteller
