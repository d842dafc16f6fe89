"""Questions about goods."""

from gendan.catalog.queries.clashes import barcode_clashes
from gendan.catalog.queries.complete import complete_sku, titled
from gendan.catalog.queries.history import PriceChange, price_history
from gendan.catalog.queries.matrix import Matrix, matrix_of
from gendan.catalog.queries.sets import made_of, parts_of, sets_with
from gendan.catalog.queries.shelf import products, shop_codes_of, skus
from gendan.catalog.queries.suggest import meant_by, with_suggestion

__all__ = [
    "Matrix",
    "PriceChange",
    "barcode_clashes",
    "complete_sku",
    "made_of",
    "matrix_of",
    "meant_by",
    "parts_of",
    "price_history",
    "products",
    "sets_with",
    "shop_codes_of",
    "skus",
    "titled",
    "with_suggestion",
]
