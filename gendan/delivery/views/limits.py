"""What the platforms take: their usual limit, and the shops where it is another."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from gendan.delivery.actions.limit_shop import limit_shop
from gendan.delivery.models import PLATFORM_TAKES, ShopLimit, Takes
from gendan.people.access import allowed, at_shops
from gendan.people.models import Platform, Shop
from gendan.people.requests import StaffRequest


@allowed("delivery.write_back")
def shop_limits(request: StaffRequest) -> HttpResponse:
    """Show what each shop's platform takes; who manages shops says where it is something else."""
    person = request.user
    shops = Shop.objects.filter(at_shops(person, "pk"), is_active=True)
    if request.method == "POST" and person.may("people.manage"):
        shop = get_object_or_404(shops, code=request.POST.get("shop", ""))
        takes = request.POST.get("takes", "")
        why = request.POST.get("why", "").strip()
        limit_shop(shop, takes if takes in Takes.values else "", by=person, why=why)
        messages.success(request, _("Saved. It counts for parcels that leave from now on."))
        return redirect("shop-limits")
    own = dict(ShopLimit.objects.values_list("shop", "takes"))
    rows = [
        (shop, Takes(PLATFORM_TAKES[shop.platform]), own.get(shop.pk, ""))
        for shop in shops.exclude(platform=Platform.OWN).order_by("platform", "code")
    ]
    context = {"rows": rows, "choices": Takes.choices, "may_change": person.may("people.manage")}
    return render(request, "delivery/limits.html", context)
