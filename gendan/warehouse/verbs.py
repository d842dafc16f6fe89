"""How what happens in the warehouse is told, and where its work items lead."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gendan.journal.sentences import say
from gendan.warehouse.actions.combine import SUBJECT as COMPANY
from gendan.warehouse.actions.recall import SUBJECT
from gendan.warehouse.combining import page_of_item
from gendan.worklist.subjects import leads_to

say(
    {
        "carrier.saved": ngettext_lazy(
            "%(who)s saved %(count)s carrier", "%(who)s saved %(count)s carriers", "count"
        ),
        "shipment.planned": ngettext_lazy(
            "%(who)s planned the shipment of %(count)s order",
            "%(who)s planned shipments for %(count)s orders",
            "count",
        ),
        "shipment.separated": _("%(who)s gave each order a shipment of its own"),
        "shipment.combined": _("%(who)s put shipments together into one parcel"),
        "order.combined": ngettext_lazy(
            "%(who)s put %(count)s order into one parcel",
            "%(who)s put %(count)s orders together into one parcel",
            "count",
        ),
        "combine_rules.changed": _("%(who)s changed when orders go together"),
        "shipment.split": ngettext_lazy(
            "%(who)s split %(count)s shipment into several parcels",
            "%(who)s split %(count)s shipments into several parcels",
            "count",
        ),
        "order.split_by_stock": ngettext_lazy(
            "%(who)s sent what is there of %(count)s order; the rest waits",
            "%(who)s sent what is there of %(count)s orders; the rest waits",
            "count",
        ),
        "order.sent_together": ngettext_lazy(
            "%(who)s lets %(count)s order wait until everything is there",
            "%(who)s lets %(count)s orders wait until everything is there",
            "count",
        ),
        "shipment.regrouping_undone": _("%(who)s put the goods back into the parcels of before"),
        "shipment.released": ngettext_lazy(
            "%(who)s put %(count)s shipment into a wave",
            "%(who)s put %(count)s shipments into waves",
            "count",
        ),
        "shipment.taken_out": _("%(who)s took it out of the wave"),
        "shipment.picked": _("%(who)s picked the goods"),
        "shipment.unpicked": _("%(who)s put the goods back into their places"),
        "shipment.missed": _("%(who)s did not find some of the goods"),
        "shipment.verified": _("%(who)s checked goods into the parcel"),
        "shipment.ticked": _("%(who)s followed a special instruction"),
        "shipment.started_again": _("%(who)s began to check the parcel anew"),
        "shipment.packed": _("%(who)s packed the parcel"),
        "shipment.unpacked": _("%(who)s opened the parcel again"),
        "shipment.carrier_chosen": _("%(who)s gave it to %(carrier)s"),
        "waybill.given_up": _("%(who)s gave up the waybill %(waybills)s"),
        "shipment.recalled": _("%(who)s recalled the shipment"),
        "shipment.put_back": ngettext_lazy(
            "%(who)s scanned %(pieces)s piece back onto the shelf",
            "%(who)s scanned %(pieces)s pieces back onto the shelf",
            "pieces",
        ),
        "shipment.put_back_again": _("%(who)s began to scan the goods back anew"),
        "shipment.recall_ended": _("%(who)s: goods and papers of the recalled parcel are settled"),
        "prepack.packed": ngettext_lazy(
            "%(who)s packed %(boxes)s box of %(sku)s before it is ordered",
            "%(who)s packed %(boxes)s boxes of %(sku)s before they are ordered",
            "boxes",
        ),
        "prepack.taken_apart": ngettext_lazy(
            "%(who)s opened %(boxes)s box of %(sku)s again",
            "%(who)s opened %(boxes)s boxes of %(sku)s again",
            "boxes",
        ),
        "shipment.sent_by_label": _("%(who)s packed it by its label alone"),
        "shipment.refused_by_carrier": _("%(who)s: the carrier did not take it"),
        "carrier_rule.saved": _("%(who)s saved the carrier rule “%(name)s”"),
        "carriage.changed": _("%(who)s changed how carriers are chosen"),
        "papers.asked": ngettext_lazy(
            "%(who)s printed the papers of %(count)s shipment",
            "%(who)s printed the papers of %(count)s shipments",
            "count",
        ),
        "papers.progress": _("%(who)s: papers are being made"),
        "papers.ready": ngettext_lazy(
            "%(who)s: %(pages)s paper is ready", "%(who)s: %(pages)s papers are ready", "pages"
        ),
        "papers.failed": _("%(who)s: the papers could not be made"),
        "papers.acknowledged": _("%(who)s: the papers came out of the printer"),
    }
)
leads_to(COMPANY, page_of_item)
leads_to(SUBJECT, lambda item: f"{reverse('put-back')}?shipment={item.facts['number']}")
leads_to("shipment", lambda item: reverse("shipment", args=[item.facts["number"]]))
