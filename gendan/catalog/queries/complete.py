"""Which SKU somebody means who types or scans something."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, F, IntegerField, Q, QuerySet, TextField, Value, When

from gendan.catalog.models import Bigrams, Sku
from gendan.catalog.words import initials


def titled(rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
    """Return the rows whose title contains the text, found by its pairs of characters."""
    pairs = ArrayField(TextField())
    found: QuerySet[Any, Any] = rows.alias(pairs=Bigrams("title", output_field=pairs)).filter(
        pairs__contains=Bigrams(Value(text), output_field=pairs), title__icontains=text
    )
    return found


def complete_sku(text: str, limit: int = 8) -> list[Sku]:
    """Return the SKUs on sale that a text may mean, the likeliest first.

    A barcode or code as a whole, the beginning of a code, of the pinyin initials, then words of
    title and specification, then initials from within the name.
    """
    text = text.strip()
    if not text:
        return []
    exact = Q(code__iexact=text) | Q(barcode=text)
    begins = Q(code__istartswith=text)
    ranks = [(exact, 0), (begins, 1)]
    if typed := _letters(text):
        ranks += [(Q(pinyin__startswith=typed), 2)]
        ranks += [(Q(pinyin__contains=typed), 4)] if len(typed) > 1 else []
    ranks.append((_words(text), 3))
    wanted = ranks[0][0]
    for condition, _rank in ranks[1:]:
        wanted |= condition
    rank = Case(
        *(When(condition, then=Value(n)) for condition, n in sorted(ranks, key=lambda r: r[1])),
        default=Value(9),
        output_field=IntegerField(),
    )
    active = Sku.objects.filter(wanted, is_active=True)
    return list(active.annotate(rank=rank).order_by(F("rank"), "code")[:limit])


def _letters(text: str) -> str:
    """The initials that were typed; nothing where the text is no such word."""
    plain = text.replace(" ", "")
    return initials(plain) if plain.isascii() else ""


def _words(text: str) -> Q:
    """Every word somewhere in title or specification."""
    condition = Q()
    for word in text.split():
        within = Q(specification__icontains=word)
        if len(word) > 1:
            within |= Q(pk__in=titled(Sku.objects.order_by(), word).values("pk"))
        else:
            within |= Q(title__icontains=word)
        condition &= within
    return condition
