from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "gendan.stock"
