"""Finding the shop that files belong to, or opening it."""

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils.translation import gettext as _

from gendan.channels.formats.format import Format
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Platform, Shop, ShopKind
from gendan.ui.errors import Refused

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('gendan.open_shop'))"


class WrongShop(Refused):
    """The file comes from another platform than the shop."""


def find_or_open_shop(code: str, forms: Sequence[Format], *, by: Actor) -> tuple[Shop, bool]:
    """Return the shop with the code, made for the platform of the files if there is none.

    :raises WrongShop: if the files come from another platform than the shop, or from several
    """
    shop = Shop.objects.filter(code=code).first()
    platforms = {form.platform for form in forms}
    if shop is None:
        return _open(code, platforms, by=by)
    if not platforms <= {shop.platform, Platform.OWN}:
        raise WrongShop(
            _("Shop %(shop)s is a shop of %(ours)s; the file comes from %(theirs)s.")
            % {
                "shop": shop.name,
                "ours": shop.get_platform_display(),
                "theirs": _named(platforms - {shop.platform, Platform.OWN}),
            }
        )
    return shop, False


@transaction.atomic
def _open(code: str, platforms: set[str], *, by: Actor) -> tuple[Shop, bool]:
    """Open the shop, unless somebody else has opened it in this very moment."""
    own = platforms - {Platform.OWN} or platforms
    if len(own) != 1:
        raise WrongShop(
            _("These files come from several platforms: %(platforms)s. Import them one by one.")
            % {"platforms": _named(own)}
        )
    platform = Platform(own.pop())
    kind = ShopKind.STORE if platform is Platform.OWN else ShopKind.WEB
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    if opened := Shop.objects.filter(code=code).first():
        return opened, False
    with entry("shop.opened", by=by, shop=code):
        shop = Shop.objects.create(code=code, name=code, platform=platform, kind=kind)
    return shop, True


def _named(platforms: set[str]) -> str:
    return ", ".join(str(Platform(each).label) for each in sorted(platforms))
