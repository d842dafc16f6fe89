"""The addresses of the warehouse's pages."""

from django.urls import path

from gendan.warehouse.views import (
    carriers,
    packing,
    picking,
    prepack,
    shipment_forms,
    shipments,
    waves,
)

urlpatterns = [
    path("shipments/", shipments.shipments, name="shipments"),
    path("shipments/plan", shipments.plan_ready, name="shipments-plan"),
    path("shipments/<str:number>/", shipments.shipment, name="shipment"),
    path("shipments/<str:number>/do/<slug:act>", shipments.act, name="shipment-act"),
    path("shipments/<str:number>/carrier", shipment_forms.choose, name="shipment-carrier"),
    path("shipments/<str:number>/miss", shipment_forms.miss_line, name="shipment-miss"),
    path("shipments/<str:number>/print", shipment_forms.print_one, name="shipment-print"),
    path("shipments/<str:number>/prints", shipment_forms.prints_of_one, name="shipment-prints"),
    path("waves/", waves.waves, name="waves"),
    path("waves/<str:number>/", waves.wave, name="wave"),
    path("waves/<str:number>/print", waves.print_wave, name="wave-print"),
    path("waves/<str:number>/prints", waves.prints_of_wave, name="wave-prints"),
    path("waves/<str:number>/picking/", picking.picking, name="wave-picking"),
    path("waves/<str:number>/pick", picking.pick_wave, name="wave-pick"),
    path("waves/<str:number>/miss", picking.miss_goods, name="wave-miss"),
    path("prints/", waves.prints, name="prints"),
    path("prints/<int:pk>.pdf", waves.print_file, name="print-file"),
    path("prints/<int:pk>/acknowledge", waves.acknowledge_print, name="print-acknowledge"),
    path("prepacks/", prepack.prepacks, name="prepacks"),
    path("prepacks/new/", prepack.pack_boxes, name="prepack-new"),
    path("prepacks/labels/", prepack.label_page, name="labels"),
    path("prepacks/labels/scan", prepack.label, name="labels-scan"),
    path("prepacks/<int:pk>/", prepack.boxes, name="prepack"),
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
