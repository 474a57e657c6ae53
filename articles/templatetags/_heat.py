"""Heat, counts and progress as inline SVG (the security policy forbids style attributes)."""

from __future__ import annotations

from django.utils.safestring import SafeString

from articles.templatetags._markup import fill

LINE_AT = 35.0
"""Where the publishing line stands in the bar, in per cent of its width."""


def heat_bar(quality: int | None, heat: int | None, threshold: int) -> SafeString:
    """A bar of two parts, quality and coverage, with a tick at the publishing line.

    Heat beyond the end of the bar makes it an arrow. Decoration: the sum stands beside it in words.
    """
    scale = LINE_AT / max(threshold, 1)
    own = max(0, min(quality or 0, heat or 0))
    total = max(0, heat or 0)
    end = min(total * scale, 100.0)
    middle = min(own * scale, end)
    if total * scale > 100:
        # A long quality leaves room for the coverage that made the heat.
        middle = min(middle, max(LINE_AT + 8, 100.0 * own / total))
        tip = fill('<path class="heat-coverage" d="M{} 0H94L100 5 94 10H{}z"/>', middle, middle)
    else:
        tip = _part("heat-coverage", middle, end - middle)
    rail = _part("heat-rail", 0, 100) if end < 100 else ""
    return fill(
        '<svg class="heat-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '{}{}{}<rect class="heat-tick" x="{}" width="2" height="10"/></svg>',
        rail,
        _part("heat-quality", 0, middle),
        tip,
        LINE_AT - 1,
    )


def quality_bar(quality: int | None, threshold: int) -> SafeString:
    """The quality alone, for a story without heat of its own (superseded by its lead)."""
    scale = LINE_AT / max(threshold, 1)
    return fill(
        '<svg class="heat-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="heat-rail" y="3" width="100" height="4"/>'
        '<rect class="heat-quality" y="3" width="{}" height="4"/></svg>',
        _short(min(max(quality or 0, 0) * scale, 100.0)),
    )


def _part(name: str, start: float, width: float) -> SafeString:
    return fill(
        '<rect class="{}" x="{}" width="{}" height="10"/>', name, _short(start), _short(width)
    )


def _short(number: float) -> str:
    return f"{number:.1f}"


def heat_words(quality: int | None, heat: int | None, related: int, threshold: int) -> str:
    """The bar in words, for screen readers and titles."""
    if heat is None:
        return "Heat unknown"
    if heat < 0:
        return f"Superseded by its lead; quality {'unknown' if quality is None else quality}"
    made = _made_of(quality, heat, related)
    side = "at or above" if heat >= threshold else "below"
    return f"Heat {heat}{made}; {side} the publishing line of {threshold}"


def _made_of(quality: int | None, heat: int, related: int) -> str:
    if quality is None:
        return ""
    bonus = heat - quality
    if bonus > 0 and related:
        return f": quality {quality} plus {bonus} for {related} related"
    return f": quality {quality}"


def meter(done: int, total: int) -> SafeString:
    """Progress of a run as a bar; the numbers stand beside it in words."""
    share = 100.0 * min(done, total) / total if total else 0.0
    return fill(
        '<svg class="meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="rail" width="100" height="8"/>'
        '<rect class="fill" width="{}" height="8"/></svg>',
        _short(share),
    )
