"""The addresses of the warehouse's pages."""

from django.urls import path

from gendan.warehouse.views import carriers, packing, shipments, waves

urlpatterns = [
    path("shipments/", shipments.shipments, name="shipments"),
    path("shipments/plan", shipments.plan_ready, name="shipments-plan"),
    path("shipments/<str:number>/", shipments.shipment, name="shipment"),
    path("shipments/<str:number>/do/<slug:act>", shipments.act, name="shipment-act"),
    path("waves/", waves.waves, name="waves"),
    path("waves/<str:number>/", waves.wave, name="wave"),
    path("waves/<str:number>/print", waves.print_wave, name="wave-print"),
    path("waves/<str:number>/prints", waves.prints_of_wave, name="wave-prints"),
    path("waves/<str:number>/pick", waves.pick_wave, name="wave-pick"),
    path("prints/", waves.prints, name="prints"),
    path("prints/<int:pk>.pdf", waves.print_file, name="print-file"),
    path("prints/<int:pk>/acknowledge", waves.acknowledge_print, name="print-acknowledge"),
    path("carriers/", carriers.carriers, name="carriers"),
    path("carriers/new/", carriers.carrier, name="carrier-new"),
    path("carriers/import/", carriers.import_carriers, name="carriers-import"),
    path("carriers/<int:pk>/", carriers.carrier, name="carrier"),
    path("pack/", packing.pack_page, name="pack"),
    path("pack/scan", packing.scan, name="pack-scan"),
    path("pack/<str:number>/tick", packing.tick_instruction, name="pack-tick"),
    path("pack/<str:number>/close", packing.close, name="pack-close"),
    path("pack/<str:number>/again", packing.again, name="pack-again"),
]
