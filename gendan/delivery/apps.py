from importlib import import_module

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "gendan.delivery"

    def ready(self) -> None:
        for page in ("lane_page", "promise_page", "actions.promise"):  # each says what it adds
            import_module(f"gendan.delivery.{page}")
