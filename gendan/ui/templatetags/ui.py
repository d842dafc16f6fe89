"""What every template can say without loading anything: icons, money, clocks, badges, charts.

The markup is shown and explained on the page `/ui/` and in `docs/pages.md`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, ModelChoiceField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.http import QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.choices import BlankChoiceIterator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from gendan.ui import charts, pieces, wording

register = template.Library()

TONES = ("neutral", "info", "good", "warn", "bad", "muted")
SOON = 15 * 60
AVATAR_COLOURS = 5
DASHES = "---------"  # what Django writes for no choice
WRITTEN = (list, BlankChoiceIterator)  # choices that nobody has to look up
HIDDEN = format_html('aria-hidden="{}"', "true")

register.filter("yuan", wording.yuan)
register.filter("fen_number", wording.fen_number)
register.filter("masked_phone", wording.masked_phone)
register.filter("masked_name", wording.masked_name)
register.filter("masked_address", wording.masked_address)


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """Draw an icon of `ui/icons.svg`; without a label it is hidden from screen readers."""
    return _icon(name, str(label), size)


@lru_cache(maxsize=500)
def _icon(name: str, label: str, size: str) -> SafeString:
    """A page draws some seventy, and the same ones as every other page."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else HIDDEN
    return format_html(
        '<svg class="icon {}" width="20" height="20" {}><use href="{}#{}"></use></svg>',
        size,
        spoken,
        static("ui/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def piece(context: Context, template: str, **given: Any) -> SafeString:
    """Include a template that sees only what it is given, drawn once for the same values."""
    return pieces.piece(context, template, given)


@register.filter
def money_diff(fen: int | None) -> SafeString:
    """Write a difference of money with its sign and colour."""
    if not fen:
        return format_html('<span class="money">{}</span>', wording.yuan(fen))
    sign, tone = ("+", "plus") if fen > 0 else ("", "minus")
    return format_html('<span class="money money-{}">{}{}</span>', tone, sign, wording.yuan(fen))


@register.filter
def ago(moment: datetime | None) -> SafeString | str:
    """Write how long ago a moment was, with the exact moment as its title."""
    return _time(moment, wording.ago(moment)) if moment else wording.NOTHING


@register.filter
def moment(when: datetime | None) -> SafeString | str:
    """Write a moment short, with the exact moment as its title."""
    return _time(when, wording.short_moment(when)) if when else wording.NOTHING


def _time(when: datetime, text: str) -> SafeString:
    exact = wording.full_moment(when)
    return SafeString(
        f'<time class="nowrap" datetime="{when.isoformat()}" title="{exact}">{text}</time>'
    )


@register.filter
def clock(due_at: datetime | None, soon: int = SOON) -> SafeString | str:
    """Write the time left until `due_at`; `frame.js` counts it down, `soon` is in seconds."""
    if due_at is None:
        return wording.NOTHING
    left = round((due_at - timezone.now()).total_seconds())
    state = "late" if left < 0 else "soon" if left <= soon else "ok"
    due = due_at.isoformat()
    return SafeString(
        f'<time class="clock clock-{state}" data-due="{due}" data-soon="{soon:d}" datetime="{due}"'
        f' title="{wording.full_moment(due_at)}">{wording.time_left(left)}</time>'
    )


@register.simple_tag
def badge(label: str, tone: str = "neutral", icon_name: str = "") -> SafeString:
    """Write a small label in one of `TONES`."""
    drawn = icon(icon_name) if icon_name else ""
    return format_html('<span class="badge {}">{}{}</span>', tone, drawn, label)


@register.simple_tag
def avatar(person: object) -> SafeString:
    """Draw a person's initial on a colour that stays the same for the same name."""
    name = str(person).strip() or "?"
    colour = sum(map(ord, name)) % AVATAR_COLOURS
    return format_html(
        '<span class="avatar avatar-{}" title="{}" aria-hidden="true">{}</span>',
        colour,
        name,
        name[0].upper(),
    )


@register.simple_tag
def kbd(*keys: str) -> SafeString:
    """Write keys that are pressed one after the other."""
    return format_html(
        '<span class="keys">{}</span>', format_html_join("", "<kbd>{}</kbd>", ((k,) for k in keys))
    )


@register.simple_tag(takes_context=True)
def query_url(context: Context, **changes: Any) -> str:
    """Rebuild this page's query string with some values changed; None or "" leaves one out."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        values = value if isinstance(value, list | tuple) else [value]
        query.setlist(name, [str(v) for v in values if v not in (None, "")])
    return f"?{query.urlencode()}"


@register.simple_tag
def meter(value: float, of: float = 100, tone: str = "", label: str = "") -> SafeString:
    """Draw how much of a whole is reached."""
    return format_html(
        '<svg class="meter {}" viewBox="0 0 100 6" preserveAspectRatio="none" role="img"'
        ' aria-label="{}"><rect class="meter-ground" width="100" height="6"/>'
        '<rect class="meter-fill" width="{}" height="6"/></svg>',
        tone,
        label or f"{value}/{of}",
        f"{charts.share(value, of):g}",
    )


@register.inclusion_tag("ui/sparkline.html")
def sparkline(values: Iterable[float], label: str = "") -> dict[str, Any]:
    """Draw a line through the values."""
    return {"points": charts.line(values), "label": label}


@register.inclusion_tag("ui/bars.html")
def bars(items: Sequence[tuple[str, float]], label: str = "") -> dict[str, Any]:
    """Draw upright bars from (label, value) pairs; the last one is now."""
    width = len(items) * charts.BAR_STEP
    return {"bars": charts.upright(items), "width": width, "label": label}


@register.inclusion_tag("ui/progress_steps.html")
def progress_steps(steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Draw the way of an order: steps with label, state (done, now, todo, bad), at, note."""
    return {"steps": steps}


@register.inclusion_tag("ui/empty_state.html")
def empty_state(
    icon_name: str, title: str, hint: str = "", action_url: str = "", action_label: str = ""
) -> dict[str, str]:
    """Say that there is nothing here, and what to do about it."""
    return {
        "icon_name": icon_name,
        "title": title,
        "hint": hint,
        "action_url": action_url,
        "action_label": action_label,
    }


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, **how: Any) -> dict[str, Any]:
    """Render one form field: label, widget, help, errors.

    `how` may hold label, before and after (units inside the input), wide, hint.
    """
    _quiet_choice(bound)
    return {"field": bound, "kind": _kind(bound), **how}


def _quiet_choice(bound: BoundField) -> None:
    """Write the choice of nothing as the house writes nothing, not as Django's nine dashes."""
    field = bound.field
    if isinstance(field, ModelChoiceField):
        if field.empty_label == DASHES:
            field.empty_label = wording.NOTHING
    elif isinstance(field.widget, Select) and isinstance(field.widget.choices, WRITTEN):
        field.widget.choices = [
            ("", wording.NOTHING) if choice == ("", DASHES) else choice
            for choice in field.widget.choices
        ]


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, CheckboxInput):
        return "check"
    return "choices" if isinstance(widget, RadioSelect | CheckboxSelectMultiple) else "plain"


@register.inclusion_tag("ui/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """Render a form's own errors and all its fields; put it inside `.form-grid`."""
    return {"form": form}


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """Render the errors that belong to the form as a whole."""
    return {"form": form}
