from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WarehouseConfig(AppConfig):
    name = "gendan.warehouse"

    def ready(self) -> None:
        autodiscover_modules("foretelling", "gifts_foretold", "order_list")
