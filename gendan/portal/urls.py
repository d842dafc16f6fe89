"""The addresses of the customer's page."""

from django.urls import path

from gendan.portal import confirm, say, views

urlpatterns = [
    path("confirm/<str:token>/", confirm.confirm, name="confirm"),
    path("say/<str:token>/", say.say, name="say"),
    path("track", views.ask, name="track"),
    path("track/find", views.find, name="track-find"),
    path("track/order", views.order_page, name="track-order"),
    path("track/order/received", views.received, name="track-received"),
    path("track/order/wrong", views.wrong, name="track-wrong"),
    path("track/leave", views.leave, name="track-leave"),
]
