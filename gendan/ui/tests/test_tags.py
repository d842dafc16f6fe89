"""What templates write through the built-in tags."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.db import models
from django.template import Context, Engine, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from gendan.ui import views

ROOMS = Path(views.__file__).parent.parent
INLINE = re.compile(r"\sstyle=|\son\w+=|<script>|<style|hx-on")


class Address(forms.Form):
    phone = forms.CharField(help_text="Mobile or fixed.")
    gift = forms.BooleanField(required=False)
    payment = forms.ChoiceField(choices=[("CASH", "Cash")], widget=forms.RadioSelect)

    def clean(self) -> dict[str, Any]:
        raise forms.ValidationError("The parts do not fit.")


def rendered(source: str, **context: Any) -> str:
    with translation.override("en"):
        return Template(source).render(Context(context))


def test_the_tags_need_no_load() -> None:
    assert "gendan.ui.templatetags.ui" in Engine.get_default().builtins


def test_icon_is_hidden_unless_it_speaks() -> None:
    assert 'aria-hidden="true"' in rendered('{% icon "truck" %}')
    assert 'aria-label="Ship"' in rendered('{% icon "truck" "Ship" %}')


def test_every_icon_that_a_template_names_is_drawn() -> None:
    drawn = set(views.icon_names())
    for template in ROOMS.rglob("templates/**/*.html"):
        named = set(re.findall(r'{% icon "([\w-]+)"', template.read_text()))
        assert named <= drawn, template


def test_what_people_typed_is_escaped() -> None:
    tags = "{% badge w %}{% avatar w %}{% kbd w %}{% empty_state 'box' w w %}{% meter 1 2 '' w %}"
    assert "<b>" not in rendered(tags, w="<b>")


@pytest.mark.parametrize(("seconds", "state"), [(7_200, "ok"), (600, "soon"), (-5, "late")])
def test_clock_says_how_near_the_end_is(seconds: int, state: str) -> None:
    due_at = timezone.now() + timedelta(seconds=seconds)
    written = rendered("{{ due_at|clock }}", due_at=due_at)
    assert f"clock-{state}" in written
    assert f'data-due="{due_at.isoformat()}"' in written


def test_moments_that_are_not_there_are_a_dash() -> None:
    assert rendered("{{ x|clock }}{{ x|ago }}{{ x|moment }}", x=None) == "———"


def test_money_diff_says_its_sign() -> None:
    assert "+¥12.00" in rendered("{{ 1200|money_diff }}")
    assert "money-minus" in rendered("{{ fen|money_diff }}", fen=-300)


def test_query_url_changes_adds_and_leaves_out() -> None:
    request = RequestFactory().get("/?q=a&after=9&tag=1")
    source = "{% autoescape off %}{% query_url after=None q='b' tag=tags %}{% endautoescape %}"
    assert rendered(source, request=request, tags=[2, 3]) == "?q=b&tag=2&tag=3"


def test_progress_steps_mark_the_present_one() -> None:
    steps = [{"label": "Paid", "state": "done"}, {"label": "Packed", "state": "now", "note": "2/3"}]
    written = rendered("{% progress_steps steps %}", steps=steps)
    assert written.count("<li") == 2
    assert written.count('aria-current="step"') == 1


def test_field_ties_label_help_and_error_together() -> None:
    written = rendered("{% field form.phone before='+86' %}", form=Address(data={}))
    assert 'for="id_phone"' in written
    assert 'id="id_phone_error"' in written
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in written
    assert "affix before" in written


def test_a_choice_of_nothing_is_a_dash_as_everywhere() -> None:
    asked = forms.Form()
    asked.fields["way"] = forms.ChoiceField(choices=[("", "---------"), ("A", "Air")])
    of_a_model = models.CharField(choices=[("A", "Air")]).formfield()
    assert of_a_model
    asked.fields["model"] = of_a_model
    for name in ("way", "model"):
        written = rendered("{% field bound %}", bound=asked[name])
        assert '<option value="" selected>—</option>' in written
        assert "---" not in written


def test_form_fields_render_errors_and_every_kind() -> None:
    written = rendered("{% form_fields form %}", form=Address(data={}))
    assert "The parts do not fit." in written
    assert 'class="check"' in written
    assert "<fieldset" in written


def test_nothing_needs_inline_style_or_script() -> None:
    """The content security policy would refuse them."""
    for template in (ROOMS / "ui" / "templates").rglob("*.html"):
        assert not INLINE.search(template.read_text()), template
