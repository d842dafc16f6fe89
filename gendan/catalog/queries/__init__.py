"""Questions about goods."""

from gendan.catalog.queries.clashes import barcode_clashes
from gendan.catalog.queries.complete import complete_sku, titled
from gendan.catalog.queries.history import PriceChange, price_history
from gendan.catalog.queries.matrix import Matrix, matrix_of
from gendan.catalog.queries.shelf import products, shop_codes_of, skus
from gendan.catalog.queries.suggest import meant_by, with_suggestion

__all__ = [
    "Matrix",
    "PriceChange",
    "barcode_clashes",
    "complete_sku",
    "matrix_of",
    "meant_by",
    "price_history",
    "products",
    "shop_codes_of",
    "skus",
    "titled",
    "with_suggestion",
]
