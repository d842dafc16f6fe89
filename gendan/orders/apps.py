from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OrdersConfig(AppConfig):
    name = "gendan.orders"

    def ready(self) -> None:
        autodiscover_modules(
            "order_page", "said_page", "chase_page", "chase_sure", "urgent", "amending"
        )
