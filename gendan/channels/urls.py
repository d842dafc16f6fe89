"""The addresses of what comes in from outside."""

from django.urls import include, path

urlpatterns = [
    path("", include("gendan.channels.kuaidi100.urls")),
]
