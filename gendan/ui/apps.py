from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "gendan.ui"

    def ready(self) -> None:
        from gendan.ui import arrays, lookups  # noqa: F401, PLC0415
