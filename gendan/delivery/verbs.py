"""How what happens to parcels is told, where work about them leads, and what it is worth."""

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gendan.delivery.actions.tell_late import ALL
from gendan.delivery.models import Forecast
from gendan.delivery.queries.alarms import SUBJECT
from gendan.journal.sentences import say
from gendan.worklist.models import Kind
from gendan.worklist.stakes import at_stake
from gendan.worklist.subjects import leads_to

say(
    {
        "shop.limited": _("%(who)s said how finely the platform of %(shop)s takes waybills"),
        "numbers.saved": _("%(who)s entered waybill numbers"),
        "shipment.delivered": _("%(who)s: the parcel has arrived"),
        "shipment.refused": _("%(who)s: the receiver refused the parcel, or it is on its way back"),
        "shipment.returned": _("%(who)s: the parcel has come back"),
        "shipment.lost": _("%(who)s gave the parcel up as lost"),
        "order.completed": _("%(who)s completed the order"),
        "shipment.shipped": ngettext_lazy(
            "%(who)s handed %(count)s parcel to the carrier",
            "%(who)s handed %(count)s parcels to the carrier",
            "count",
        ),
        "waybill.drawn": _("%(who)s gave waybill numbers"),
        "waybill.entered": _("%(who)s entered the waybill number"),
        "write_back.exported": _("%(who)s put the waybill into %(file)s for the platform"),
        "write_back.done": _("%(who)s: the platform has the waybill"),
        "write_back.impossible": _("%(who)s: the platform can't take the waybill"),
        "order.received": _("%(who)s: the goods have come"),
        "order.promised_first": _("%(who)s: the order is promised"),
        "promise.proposed": _("%(who)s asked the customer to agree to another date"),
        "promise.changed": _("%(who)s promised another date"),
        "promise.refused": _("%(who)s: the customer does not agree to the other date"),
        "promise.withdrawn": _("%(who)s took the question about another date back"),
        "reckoning.saved": _("%(who)s changed what the forecast assumes"),
        "penalties.saved": _("%(who)s changed what lateness costs"),
        "interception.asked": _("A parcel on its way is to be intercepted"),
        "interception.accepted": _("%(who)s: the carrier intercepts the parcel"),
        "interception.refused": _("%(who)s: the carrier does not intercept the parcel"),
        "interception.too_late": _("The parcel was faster than its carrier's answer"),
        "interception.settled": _("%(who)s about the parcel that was not intercepted: %(remedy)s"),
        "lead_times.saved": _("%(who)s changed how long goods take to make"),
    }
)
leads_to(SUBJECT, lambda item: reverse("parcel", args=[item.facts["number"]]))
leads_to("interception", lambda item: reverse("parcel", args=[item.facts["number"]]))
leads_to("write back", lambda item: reverse("write-backs"))
leads_to(ALL, lambda item: reverse("promises"))
FORECASTS = Forecast.objects.filter(order=OuterRef("subject_id"))
at_stake(Kind.LATE, lambda: Subquery(FORECASTS.values("fen_at_risk")))
