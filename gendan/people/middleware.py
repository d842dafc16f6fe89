"""Somebody whose password is too old chooses a new one before anything else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

OPEN = ("sign-in", "sign-out", "change-password", "set-language")


class SignedIn:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if (
            user.is_authenticated
            and user.password_expired
            and request.path not in {reverse(name) for name in OPEN}
        ):
            return redirect("change-password")
        return self.get_response(request)
