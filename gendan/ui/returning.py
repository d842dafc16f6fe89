"""Going back to where a form was sent from."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Return the path that the request names in `next`, if it is one of this house."""
    said = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    is_ours = said.startswith("/") and url_has_allowed_host_and_scheme(said, allowed_hosts=hosts)
    return said if is_ours else otherwise
