"""The addresses of stock."""

from django.urls import path

from gendan.stock.views import arrivals, goods, lists, orders, presales, shortages, sku, stocktake

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
    path("shortages/", shortages.shortages, name="shortages"),
    path("shortages/goods/", shortages.short_goods, name="short-goods"),
    path("shortages/<int:pk>/", shortages.shortage, name="shortage"),
    path("shortages/<int:pk>/ask", shortages.shortage_ask, name="shortage-ask"),
    path("shortages/<int:pk>/choose", shortages.shortage_choose, name="shortage-choose"),
    path("shortages/<int:pk>/take-back", shortages.shortage_take_back, name="shortage-take-back"),
    path("shortages/<int:pk>/missed", shortages.shortage_missed, name="shortage-missed"),
    path("arrivals/", arrivals.arrivals, name="arrivals"),
    path("arrivals/new/", arrivals.arrival_new, name="arrival-new"),
    path("arrivals/import/", arrivals.arrivals_import, name="arrivals-import"),
    path("arrivals/who-gets", arrivals.who_gets, name="who-gets"),
    path("arrivals/<int:pk>/", arrivals.arrival, name="arrival"),
    path("arrivals/<int:pk>/arrive", arrivals.arrival_arrive, name="arrival-arrive"),
    path("stock/orders/<str:number>/first/<int:sku>", arrivals.prefer, name="stock-prefer"),
    path("presales/", presales.presales, name="presales"),
    path("presales/new/", presales.presale_new, name="presale-new"),
    path("presales/rules/", presales.parting_rules, name="parting-rules"),
    path("presales/<int:pk>/", presales.presale, name="presale"),
]
