"""Stacked bars of Insight as inline SVG; the table below each chart says the same in numbers."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.safestring import SafeString

from articles.charts import Bar, Chart, Series
from articles.templatetags._markup import fill, joined

HEIGHT = 100.0
LEAST = 1.0
"""Something is never drawn as nothing."""

GAP = 0.14
"""Of a bar's width."""


def stacked_bars(chart: Chart, label: str) -> SafeString:
    """A bar a day or month, a colour a series, each a link to what it counts.

    The bars are for the mouse, as in a histogram: the table has links for the keyboard.
    """
    step = 100.0 / max(len(chart.bars), 1)
    bars = (
        _bar(bar, chart.series, place * step, step, chart.highest or 1)
        for place, bar in enumerate(chart.bars)
    )
    return fill(
        '<svg class="stacked" viewBox="0 0 100 100" preserveAspectRatio="none" role="group"'
        ' aria-label="{}">{}</svg>',
        label,
        joined(bars),
    )


def _bar(bar: Bar, series: list[Series], left: float, step: float, highest: int) -> SafeString:
    return fill(
        '<a href="{url}" tabindex="-1"><title>{title}</title><rect class="reach" x="{left}"'
        ' width="{step}" height="100"/>{parts}</a>',
        url=bar.url,
        title="\n".join(_lines(bar, series)),
        left=f"{left:.2f}",
        step=f"{step:.2f}",
        parts=joined(_parts(bar, series, left + step * GAP / 2, step * (1 - GAP), highest)),
    )


def _parts(
    bar: Bar, series: list[Series], left: float, width: float, highest: int
) -> Iterator[SafeString]:
    top = HEIGHT
    for number, each in zip(bar.parts, series, strict=True):
        if not number:
            continue
        height = max(HEIGHT * number / highest, LEAST)
        top = max(top - height, 0.0)
        yield fill(
            '<rect class="part {name}" x="{left}" y="{top}" width="{width}" height="{height}"/>',
            name=each.name,
            left=f"{left:.2f}",
            top=f"{top:.2f}",
            width=f"{width:.2f}",
            height=f"{height:.2f}",
        )


def _lines(bar: Bar, series: list[Series]) -> Iterator[str]:
    yield f"{bar.label}: {bar.total:,}"
    for number, each in zip(bar.parts, series, strict=True):
        if number:
            yield f"{each.label}: {number:,}"
