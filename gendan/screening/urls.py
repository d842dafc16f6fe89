"""The addresses of screening."""

from django.urls import path

from gendan.screening.views import shop_codes

urlpatterns = [
    path("shop-codes/<int:pk>/map/", shop_codes.map_code, name="shop-code-map"),
]
