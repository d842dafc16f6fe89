"""How what happens to goods is told, and where work about shop codes leads."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gendan.journal.sentences import say
from gendan.worklist.subjects import leads_to

say(
    {
        "product.saved": ngettext_lazy(
            "%(who)s saved %(count)s product", "%(who)s saved %(count)s products", "count"
        ),
        "sku.saved": ngettext_lazy(
            "%(who)s saved %(count)s SKU", "%(who)s saved %(count)s SKUs", "count"
        ),
        "sku.changed": _("%(who)s changed SKUs"),
        "goods.saved": _("%(who)s saved %(products)s products with %(count)s SKUs"),
        "set.saved": ngettext_lazy(
            "%(who)s said what %(count)s set is made of",
            "%(who)s said what %(count)s sets are made of",
            "count",
        ),
        "substitute.saved": ngettext_lazy(
            "%(who)s named %(count)s substitute", "%(who)s named %(count)s substitutes", "count"
        ),
        "substitute.removed": _("%(who)s took substitutes away"),
        "shop_code.mapped": ngettext_lazy(
            "%(who)s mapped %(count)s shop code", "%(who)s mapped %(count)s shop codes", "count"
        ),
        "shop_code.saved": ngettext_lazy(
            "%(who)s saved %(count)s shop code", "%(who)s saved %(count)s shop codes", "count"
        ),
    }
)
leads_to("shop-code", lambda item: f"{reverse('shop-codes')}?tab=unmapped")
