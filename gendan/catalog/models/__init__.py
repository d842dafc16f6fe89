"""Goods: products and their SKUs, what the shops call them, and what may stand in for them."""

from gendan.catalog.models.goods import Bigrams, Product, ShopCode, Sku
from gendan.catalog.models.leadtime import LeadTime
from gendan.catalog.models.setpart import SetPart
from gendan.catalog.models.substitute import Substitute

__all__ = ["Bigrams", "LeadTime", "Product", "SetPart", "ShopCode", "Sku", "Substitute"]
