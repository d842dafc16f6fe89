"""The addresses of goods."""

from django.urls import path

from gendan.catalog.views import products, sets, shop_codes, skus, substitutes

urlpatterns = [
    path("products/", products.products, name="products"),
    path("products/new/", products.new_product, name="product-new"),
    path("products/<int:pk>/", products.product, name="product"),
    path("products/<int:pk>/skus/", products.add_skus, name="product-skus"),
    path("skus/", skus.skus, name="skus"),
    path("skus/import/", skus.import_skus, name="skus-import"),
    path("skus/options/", sets.options, name="sku-options"),
    path("skus/<int:pk>/", skus.sku, name="sku"),
    path("skus/<int:pk>/parts/", sets.parts, name="sku-parts"),
    path("skus/<int:pk>/substitutes/", substitutes.sku_substitutes, name="sku-substitutes"),
    path("substitutes/", substitutes.substitutes, name="substitutes"),
    path("substitutes/import/", substitutes.import_substitutes, name="substitutes-import"),
    path("shop-codes/", shop_codes.shop_codes, name="shop-codes"),
    path("shop-codes/import/", shop_codes.import_shop_codes, name="shop-codes-import"),
    path("shop-codes/<int:pk>/options/", shop_codes.shop_code_options, name="shop-code-options"),
]
