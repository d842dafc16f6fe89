"""The addresses of parcels that leave the house."""

from django.urls import path

from gendan.delivery.views import parcels

urlpatterns = [
    path("orders/<str:number>/complete", parcels.complete_order, name="order-complete"),
    path("parcels/", parcels.parcels, name="parcels"),
    path("parcels/<str:number>/", parcels.parcel, name="parcel"),
    path("parcels/<str:number>/ask", parcels.ask, name="parcel-ask"),
    path("parcels/<str:number>/follow", parcels.follow, name="parcel-follow"),
    path("parcels/<str:number>/end", parcels.end, name="parcel-end"),
]
