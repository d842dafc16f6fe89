"""The one address of Kuaidi100's messages."""

from django.urls import path

from gendan.channels.kuaidi100 import views

urlpatterns = [
    path("callback/kuaidi100/<str:token>", views.heard, name="kuaidi100-callback"),
]
