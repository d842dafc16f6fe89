"""The addresses of parcels that leave the house."""

from django.urls import path

from gendan.delivery.views import (
    hand_over,
    interceptions,
    lane,
    limits,
    loading,
    parcels,
    promises,
    ranges,
    write_backs,
)

urlpatterns = [
    path("orders/<str:number>/complete", parcels.complete_order, name="order-complete"),
    path("urgent/", lane.urgent_lane, name="urgent-lane"),
    path("urgent/rules/", lane.rules, name="lane-rules"),
    path("promises/", promises.promises, name="promises"),
    path("promises/terms/", promises.terms, name="promise-terms"),
    path("orders/<str:number>/offer-date", promises.offer, name="promise-propose"),
    path("orders/<str:number>/promise-date", promises.anew, name="promise-anew"),
    path("interceptions/<int:pk>/answer", interceptions.answer, name="interception-answer"),
    path("interceptions/<int:pk>/remedy", interceptions.remedy, name="interception-remedy"),
    path("parcels/", parcels.parcels, name="parcels"),
    path("parcels/<str:number>/", parcels.parcel, name="parcel"),
    path("parcels/<str:number>/ask", parcels.ask, name="parcel-ask"),
    path("parcels/<str:number>/follow", parcels.follow, name="parcel-follow"),
    path("parcels/<str:number>/end", parcels.end, name="parcel-end"),
    path("number-ranges/", ranges.ranges, name="number-ranges"),
    path("number-ranges/new/", ranges.number_range, name="number-range-new"),
    path("number-ranges/<int:pk>/", ranges.number_range, name="number-range"),
    path("hand-over/", hand_over.hand_over, name="hand-over"),
    path("hand-over/scan/", loading.loading, name="loading"),
    path("hand-over/scan/next", loading.next_to_load, name="loading-next"),
    path("hand-over/scan/count", loading.count, name="loading-count"),
    path("hand-over/scan/take-off", loading.take_off, name="loading-take-off"),
    path("hand-over/scan/leave", loading.leave, name="loading-leave"),
    path("hand-over/<str:number>.pdf", hand_over.hand_over_list, name="hand-over-list"),
    path("waves/<str:number>/waybills", hand_over.wave_waybills, name="wave-waybills"),
    path("shipments/<str:number>/waybill", hand_over.waybill_enter, name="waybill-enter"),
    path("write-backs/", write_backs.write_backs, name="write-backs"),
    path("write-backs/limits/", limits.shop_limits, name="shop-limits"),
    path("write-backs/<str:code>/file", write_backs.write_back_file, name="write-back-file"),
]
