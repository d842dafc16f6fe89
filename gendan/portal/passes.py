"""The pass that a customer holds after naming order and phone: a signed cookie that expires."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from gendan.orders.models import Order

COOKIE = "track"
SALT = "gendan.portal.track"
LASTS = 2 * 3600  # seconds
PATH = "/track"


def grant(answer: HttpResponse, order: Order) -> None:
    """Let this browser see the order for a while."""
    answer.set_signed_cookie(
        COOKIE,
        str(order.pk),
        salt=SALT,
        max_age=LASTS,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def revoke(answer: HttpResponse) -> None:
    """Let this browser forget the order."""
    answer.delete_cookie(COOKIE, path=PATH, samesite="Lax")


def holder(request: HttpRequest) -> Order | None:
    """The order that this browser may see."""
    held = request.get_signed_cookie(COOKIE, None, salt=SALT, max_age=LASTS)
    if not held:
        return None
    return Order.objects.select_related("customer", "shop").filter(pk=int(held)).first()
