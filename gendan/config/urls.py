"""The addresses of all pages: each room's `urls` says its own."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from gendan.config import api, views
from gendan.people.access import signed_in
from gendan.ui.views import components

handler500 = "gendan.config.views.went_wrong"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("metrics", views.figures, name="metrics"),
    path("language/", set_language, name="set-language"),
    path("api/", api.urls),
    path("ui/", signed_in(components), name="components"),
    *(
        path("", include(f"gendan.{room}.urls"))
        for room in settings.ROOMS
        if room != "config" and find_spec(f"gendan.{room}.urls")
    ),
]
