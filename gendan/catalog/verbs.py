"""How what happens to goods is told, and where work about shop codes leads."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gendan.journal.sentences import say
from gendan.worklist.subjects import leads_to

say(
    {
        "product.saved": _("%(who)s saved %(count)s products"),
        "sku.saved": _("%(who)s saved %(count)s SKUs"),
        "sku.changed": _("%(who)s changed SKUs"),
        "goods.saved": _("%(who)s saved %(products)s products with %(count)s SKUs"),
        "set.saved": _("%(who)s said what %(count)s sets are made of"),
        "substitute.saved": _("%(who)s named %(count)s substitutes"),
        "substitute.removed": _("%(who)s took substitutes away"),
        "shop_code.mapped": _("%(who)s mapped %(count)s shop codes"),
        "shop_code.saved": _("%(who)s saved %(count)s shop codes"),
    }
)
leads_to("shop-code", lambda item: f"{reverse('shop-codes')}?tab=unmapped")
