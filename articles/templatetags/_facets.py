"""The values of the filters: a page holds hundreds, so each is one call and no template."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString

from articles.narrowing import Bin, Facet, FacetValue
from articles.templatetags._icons import icon
from articles.templatetags._markup import fill, joined
from articles.templatetags._visible import visible, visible_plain

HEIGHT = 40.0
LEAST = 1.5
"""Height of a histogram, and of the bar of a single story, in units of its view box."""


def facet_values(facet: Facet) -> SafeString:
    """The values of a filter as items of a list: boxes to tick, or links to follow."""
    make = _link if facet.shape == "links" else _tick
    return joined(make(facet, value) for value in facet.values)


def _tick(facet: Facet, value: FacetValue) -> SafeString:
    return fill(
        f'<li class="facet-value{_not(value)}"><label class="choice"><input type="checkbox"'
        f' name="{{name}}" value="{{value}}"{" checked" if value.selected else ""}>'
        f"<span>{{label}}</span><em>{{count}}</em></label>{_except(value)}</li>",
        name=facet.name,
        value=value.value,
        **_texts(value),
    )


def _link(facet: Facet, value: FacetValue) -> SafeString:
    current = ' aria-current="true"' if value.selected else ""
    return fill(
        f'<li class="facet-value{_not(value)}"><a class="choice" href="{{url}}"{current}>'
        f"<span>{{label}}</span><em>{{count}}</em></a>{_except(value)}</li>",
        url=value.url,
        **_texts(value),
    )


def _not(value: FacetValue) -> str:
    return " not" if value.excluded else ""


def _except(value: FacetValue) -> str:
    """The link that leaves a value out; the same link takes it in again."""
    if not value.exclude_url:
        return ""
    return TAKE_IN if value.excluded else LEAVE_OUT


def _except_link(words: str, title: str, picture: str) -> str:
    return (
        f'<a class="except" href="{{except_url}}" aria-label="{words} {{plain}}" title="{title}">'
        f"{icon(picture, 14)}</a>"
    )


TAKE_IN = _except_link("Take in again", "Take in again", "circle-plus")
LEAVE_OUT = _except_link("Everything but", "Everything but this", "circle-minus")


def _texts(value: FacetValue) -> dict[str, object]:
    """What stands in the holes of both patterns."""
    label, plain = _label(value.label)
    return {
        "label": label,
        "plain": plain,
        "count": value.count,
        "except_url": value.exclude_url,
    }


@functools.lru_cache(maxsize=2048)
def _label(name: str) -> tuple[SafeString, SafeString]:
    """A name for the eye and for an attribute; the same ones stand in every list."""
    return visible(name), fill("{}", visible_plain(name))


def histogram(bins: Sequence[Bin], label: str) -> SafeString:
    """Counts as bars; each leads to the list of its span.

    The bars are for the mouse: narrower than a finger, they are no stops for the keyboard. The
    fields below them set the same span.
    """
    highest = max((each.count.number for each in bins), default=0) or 1
    step = 100.0 / max(len(bins), 1)
    return fill(
        '<svg class="histogram" viewBox="0 0 100 40" preserveAspectRatio="none" role="group"'
        ' aria-label="{}">{}</svg>',
        label,
        joined(_bars(bins, highest, step)),
    )


def _bars(bins: Iterable[Bin], highest: int, step: float) -> Iterable[SafeString]:
    for place, each in enumerate(bins):
        number = each.count.number
        height = max(HEIGHT * number / highest, LEAST) if number else 0.0
        names = "bar on" if each.included else "bar"
        yield fill(
            '<a href="{url}" tabindex="-1"><title>{label}: {count}</title><rect class="reach"'
            f' x="{place * step:.1f}" width="{step:.1f}" height="40"/>'
            f'<rect class="{names}" x="{place * step + step * 0.08:.1f}"'
            f' y="{HEIGHT - height:.1f}" width="{step * 0.84:.1f}" height="{height:.1f}"/></a>',
            url=each.url,
            label=each.label,
            count=each.count,
        )
