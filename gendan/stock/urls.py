"""The addresses of stock."""

from django.urls import path

from gendan.stock.views import goods, lists, orders, sku, stocktake

urlpatterns = [
    path("stock/", lists.stock, name="stock"),
    path("stock/opening/", lists.opening, name="stock-opening"),
    path("stock/receive/", goods.receiving, name="stock-receive"),
    path("stock/adjust/", goods.adjusting, name="stock-adjust"),
    path("stock/count/", goods.counting, name="stock-count"),
    path("stock/stocktake/", stocktake.stocktake, name="stocktake"),
    path("stock/stocktake/import/", stocktake.stocktake_import, name="stocktake-import"),
    path("stock/skus", goods.skus, name="stock-skus"),
    path("stock/row", goods.row, name="stock-row"),
    path("stock/sku/<int:pk>/", sku.sku_stock, name="sku-stock"),
    path("stock/sku/<int:pk>/ledger", sku.older, name="sku-ledger"),
    path("stock/sku/<int:pk>/location/<int:warehouse>", sku.location, name="sku-location"),
    path("stock/orders/<str:number>/reserve", orders.reserve_one, name="order-reserve"),
    path("stock/orders/<str:number>/unreserve", orders.unreserve_one, name="order-unreserve"),
    path("shortages/", lists.missing, name="shortages"),
]
