"""The addresses of reconciling."""

from django.urls import path

from gendan.channels.reconciling.views import charges, day

urlpatterns = [
    path("", day.latest, name="reconcile"),
    path("fees/", charges.fees, name="carrier-fees"),
    path("<str:on>/", day.day, name="reconcile-day"),
    path("<str:on>/compare", day.compare, name="reconcile-compare"),
    path("<str:on>/files", day.files, name="reconcile-files"),
    path("<str:on>/upload/<str:against>", day.upload, name="reconcile-upload"),
]
