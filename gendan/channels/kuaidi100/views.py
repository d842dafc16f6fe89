"""The address to which Kuaidi100 sends traces."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from gendan.channels.kuaidi100.account import salt, shipment_of
from gendan.channels.kuaidi100.intake import Unreadable, take_in_push
from gendan.channels.kuaidi100.signing import genuine
from gendan.people.access import public

YES = {"result": True, "returnCode": "200", "message": "成功"}


@csrf_exempt
@require_POST
@public
def heard(request: HttpRequest, token: str) -> JsonResponse:
    """Take in a signed message; anything but yes makes Kuaidi100 send it again."""
    shipment_id = shipment_of(token)
    if shipment_id is None:
        return _no("404", "not found", 404)
    param = request.POST.get("param", "")
    if not genuine(param, request.POST.get("sign", ""), salt=salt()):
        return _no("503", "验证签名失败", 403)
    try:
        take_in_push(param, shipment_id=shipment_id)
    except Unreadable:
        return _no("400", "参数错误", 400)
    return JsonResponse(YES)


def _no(code: str, said: str, status: int) -> JsonResponse:
    return JsonResponse({"result": False, "returnCode": code, "message": said}, status=status)
