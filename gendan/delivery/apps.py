from importlib import import_module

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "gendan.delivery"

    def ready(self) -> None:
        # What other rooms ask.
        for adds in ("promise_page", "actions.promise", "staying_whole", "sure"):
            import_module(f"gendan.delivery.{adds}")
