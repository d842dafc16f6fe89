"""The frame, the plain page and the error pages render for everybody, in both languages."""

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import URLPattern
from django.utils import translation

from gendan.config.frame import Group, Item, Who
from gendan.ui import views

pytestmark = pytest.mark.urls(__name__)
urlpatterns: list[URLPattern] = []  # the frame stands without the pages of any room

ERRORS = ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"]
FRAME = {
    "who": Who("陈敏", "chenmin"),
    "merchant_name": "山野集",
    "worklist_count": 12,
    "theme": "dark",
    "other_languages": (("en", "English"),),
    "nav": (Group("订单", (Item("order-new", "开单", "plus", "n", "/orders/new/", True, ""),)),),
    "nav_bottom": (Item("home", "待办", "inbox", "h", "/", False, 12),),
}


def page(template: str, **context: Any) -> str:
    return render_to_string(template, context)


def test_base_shows_the_way_through_the_house() -> None:
    html = page("ui/base.html", **FRAME)
    assert 'data-theme="dark"' in html
    assert re.search(r'href="/orders/new/"[^>]*aria-current="page" data-key="n"', html)
    assert '<span class="count hot" id="worklist-count">12</span>' in html
    assert 'class="bottombar-item"' in html


def test_base_renders_for_a_stranger() -> None:
    html = page("ui/base.html", theme="")
    assert "data-theme" not in html.split(">")[1]
    assert 'class="sidenav"' not in html
    assert 'id="search"' not in html


def test_htmx_may_neither_evaluate_nor_ask_elsewhere() -> None:
    html = page("ui/base.html")
    assert '"allowEval":false' in html
    assert '"selfRequestsOnly":true' in html
    assert "hx-headers" in html


@pytest.mark.parametrize("template", ERRORS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_errors_render_without_any_context(template: str, language: str) -> None:
    with translation.override(language):
        html = page(template)
    assert 'class="plain-card"' in html
    assert "<h1></h1>" not in html


def test_a_refusal_says_its_sentence() -> None:
    assert "Ask a supervisor." in page("403.html", exception="Ask a supervisor.")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_component_page_renders(language: str) -> None:
    with translation.override(language):
        html = views.components(RequestFactory().get("/ui/")).content.decode()
    assert html.count("<section") > 5
    assert "{%" not in html
