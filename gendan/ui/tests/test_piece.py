"""Pieces of pages: drawn once for the same values, and never for others."""

from collections.abc import Iterator

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from gendan.ui import pieces


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    pieces._kept.cache_clear()
    yield
    pieces._kept.cache_clear()


def page(template: str, **context: object) -> str:
    return Template(template).render(Context(context))


def topbar(path: str, token: str, theme: str = "") -> str:
    asked = RequestFactory().get(path)
    tag = '{% piece "ui/topbar.html" other_languages=other theme=theme %}'
    other = (("en", "English"),)
    return page(tag, request=asked, csrf_token=token, theme=theme, other=other)


def test_the_same_values_are_drawn_once() -> None:
    tag = '{% piece "ui/toast.html" kind=kind text=text %}'
    first, again = (page(tag, kind="success", text="Saved") for _ in range(2))
    assert first == again
    assert pieces._kept.cache_info().hits == 1


def test_other_values_are_another_piece() -> None:
    tag = '{% piece "ui/toast.html" kind="success" text=text %}'
    assert "Saved" in page(tag, text="Saved")
    assert "Gone" in page(tag, text="Gone")


def test_each_language_has_its_own() -> None:
    with translation.override("en"):
        assert "Skip" not in page('{% piece "ui/texts.html" %}')
        english = page('{% piece "ui/texts.html" %}')
    with translation.override("zh-hans"):
        assert page('{% piece "ui/texts.html" %}') != english


def test_a_piece_sees_nothing_but_what_it_is_given() -> None:
    html = page('{% piece "ui/toast.html" kind="" %}', text="of somebody else")
    assert "somebody else" not in html


def test_every_page_has_its_own_token_and_address_in_it() -> None:
    mine, theirs = topbar("/orders/?q=1&tab=all", "mine"), topbar("/stock/", "theirs")
    assert pieces._kept.cache_info().hits == 1
    assert 'value="mine"' in mine
    assert 'value="/orders/?q=1&amp;tab=all"' in mine
    assert 'value="theirs"' in theirs
    assert "mine" not in theirs


def test_what_is_put_into_its_place_is_escaped() -> None:
    assert "<script>" not in topbar("/orders/?q=<script>", '"><script>')


def test_values_that_could_change_are_refused() -> None:
    with pytest.raises(TypeError):
        page('{% piece "ui/sidenav.html" nav=nav %}', nav=[{"label": "x"}])
