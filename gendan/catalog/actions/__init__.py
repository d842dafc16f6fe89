"""Everything that can happen to goods and what shops call them; one file for each verb."""

from gendan.catalog.actions.change_skus import change_skus
from gendan.catalog.actions.map_codes import map_codes, save_codes
from gendan.catalog.actions.save_products import save_goods, save_products
from gendan.catalog.actions.save_set import NoSet, save_sets
from gendan.catalog.actions.save_skus import save_skus
from gendan.catalog.writing import BarcodeTaken

__all__ = [
    "BarcodeTaken",
    "NoSet",
    "change_skus",
    "map_codes",
    "save_codes",
    "save_goods",
    "save_products",
    "save_sets",
    "save_skus",
]
